using HpcFit.Shared.Claims;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Documents;
using HpcFit.Shared.Specs.Layouts;

namespace HpcFit.Shared.Tests.Runs;

public sealed class RunDirectoryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hpcfit-run-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_document_of_an_earlier_version_has_no_members_and_no_checksums()
    {
        var run = RunDirectory.CreateOrOpen(_folder, Document("FDC ~ Age"));
        var document = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(run.DocumentFile))!.AsObject();
        foreach (var name in new[] { "members", "checksums", "subjects", "programCommit", "warnings" })
            document.Remove(name);
        File.WriteAllText(run.DocumentFile, document.ToJsonString());

        var read = RunDirectory.Open(_folder);
        read.Members().ShouldHaveSingleItem();
        read.Document.Checksums.ShouldBeEmpty();
        read.Document.Warnings.ShouldBeEmpty();
        read.Document.Subjects.ShouldBeNull();
    }

    [Fact]
    public void A_run_is_read_back_as_it_was_written()
    {
        var written = Document("FDC ~ Age");
        RunDirectory.CreateOrOpen(_folder, written);
        var read = RunDirectory.Open(_folder).Document;
        read.Digest.ShouldBe(written.Digest);
        RunDigest.Compute(read.Spec, read.Inputs).ShouldBe(written.Digest);
        read.ElementSet().ToString().ShouldBe("1:10,21");
    }

    [Fact]
    public void Another_run_is_refused_with_what_distinguishes_it()
    {
        var first = Document("FDC ~ Age");
        RunDirectory.CreateOrOpen(_folder, first);
        var model = first.Spec.Model;
        Refusal(first with { Spec = first.Spec with { Model = model with { Formula = "FDC ~ sex" } } })
            .ShouldContain(". Different: formula ('FDC ~ Age', now 'FDC ~ sex'). Choose another --run-dir");
        Refusal(first with { Spec = first.Spec with { Model = model with { Permutation = new() { Count = 9 } }, Elements = [] } })
            .ShouldContain(". Different: permutation (not set, now set), the elements. ");
        Refusal(first with { Inputs = first.Inputs with { CohortDigest = "other", NumericVersion = 2 } })
            .ShouldContain(". Different: values of the cohort, the version of the engine's arithmetic. ");
    }

    [Theory]
    [InlineData(null, "greater", "permutation.alternative (not set, now 'greater')")]
    [InlineData("greater", null, "permutation.alternative ('greater', now not set)")]
    [InlineData("greater", "less", "permutation.alternative ('greater', now 'less')")]
    public void A_run_that_tests_another_side_is_another_run(string? there, string? here, string difference)
    {
        RunDirectory.CreateOrOpen(_folder, Of(there));
        Refusal(Of(here)).ShouldContain($". Different: {difference}. ");

        static RunDocument Of(string? side)
        {
            var document = Document("FDC ~ Age");
            var spec = document.Spec with
            {
                Model = document.Spec.Model with
                {
                    Permutation = new() { Count = 100, Alternative = side },
                },
            };
            return document with { Spec = spec, Digest = RunDigest.Compute(spec, document.Inputs) };
        }
    }

    [Fact]
    public void Output_patterns_for_sbatch_escape_percent_signs_of_the_folder()
    {
        var run = RunDirectory.At("/run 50%A");
        run.TaskOutputPattern(new(3)).ShouldBe("/run 50%%A/logs/0003-%A_%a.out");
        run.AdvanceOutputPattern.ShouldBe("/run 50%%A/logs/advance-%j.out");
        run.WatchOutputPattern.ShouldBe("/run 50%%A/logs/watch-%j.out");
    }

    [Fact]
    public void The_output_of_a_task_is_the_file_that_its_pattern_gives()
    {
        var run = RunDirectory.At("/run");
        run.TaskOutputFile(new(3), 1234, 7)
            .ShouldBe(
                run.TaskOutputPattern(new(3)).Replace("%A", "1234", StringComparison.Ordinal).Replace("%a", "7", StringComparison.Ordinal)
            );
    }

    [Fact]
    public void Another_run_in_the_same_folder_is_refused()
    {
        RunDirectory.CreateOrOpen(_folder, Document("FDC ~ Age"));
        Should
            .Throw<BadInputException>(() => RunDirectory.CreateOrOpen(_folder, Document("FDC ~ sex")))
            .Message.ShouldContain("'FDC ~ Age'");
    }

    [Fact]
    public void The_same_run_of_moved_files_uses_their_new_paths()
    {
        var before = RunDirectory.CreateOrOpen(_folder, Document("FDC ~ Age")).Document;
        var moved = before with
        {
            Spec = before.Spec with { Data = [new("/new/place/data.h5", "/new/place/cohort.csv")] },
            Created = DateTimeOffset.MaxValue,
        };
        var run = RunDirectory.CreateOrOpen(_folder, moved);
        run.Document.Spec.Data[0].Path.ShouldBe("/new/place/data.h5");
        run.Document.Digest.ShouldBe(before.Digest);
        RunDirectory
            .Open(_folder)
            .Document.ShouldSatisfyAllConditions(
                now => now.Spec.Data[0].Phenotypes.ShouldBe("/new/place/cohort.csv"),
                now => now.Created.ShouldBe(before.Created)
            );
    }

    [Fact]
    public void A_run_of_the_former_format_is_named_and_not_resumed()
    {
        Directory.CreateDirectory(_folder);
        File.WriteAllText(
            Path.Combine(_folder, "run.json"),
            """{"format": 1, "digest": "00", "inputs": {"cohortSha256": "ab"}, "programVersion": "0.9.0"}"""
        );
        var message = Should.Throw<BadInputException>(() => RunDirectory.Open(_folder)).Message;
        message.ShouldContain("has format 1, written by HpcFit 0.9.0");
        message.ShouldContain("--run-dir");
        Should.Throw<BadInputException>(() => RunDirectory.CreateOrOpen(_folder, Document("FDC ~ Age"))).Message.ShouldContain("format 1");
    }

    [Fact]
    public void A_round_claimed_by_a_command_that_died_is_passed_over()
    {
        var run = RunDirectory.CreateOrOpen(_folder, Document("FDC ~ Age"));
        Directory.CreateDirectory(run.RoundFolder(new(1)));
        var round = run.CreateRound([new(new(0), ElementSet.From(3, 7))], OnError.Skip);
        run.Rounds().ShouldBe([new RoundId(2)]);
        var read = run.ReadRound(round.Id);
        read.OnError.ShouldBe(OnError.Skip);
        read.Jobs.ShouldHaveSingleItem().Elements.ShouldBe(ElementSet.From(3, 7));
    }

    [Fact]
    public void A_claim_names_its_holder_and_passes_on_when_given_up()
    {
        var path = Path.Combine(_folder, "merge.claim");
        using (Claim.Take(path, "first"))
            Should
                .Throw<BusyException>(() => Claim.Take(path, "second"))
                .Message.ShouldContain($"'first', process {Environment.ProcessId}");
        using var again = Claim.Take(path, "third");
        Claim.ReadHolder(path)!.What.ShouldBe("third");
    }

    [Fact]
    public void A_pid_that_was_given_away_again_holds_nothing()
    {
        var path = Path.Combine(_folder, "merge.claim");
        var dead = ClaimHolder.Self("dead");
        JsonFile.TryCreate(path, dead with { ProcessStart = dead.ProcessStart - 1 }, ClaimJson.Default.ClaimHolder).ShouldBeTrue();
        using var claim = Claim.Take(path, "next");
        Claim.ReadHolder(path)!.What.ShouldBe("next");
    }

    [Fact]
    public void A_holder_on_another_host_is_alive_unless_the_user_takes_over()
    {
        var path = Path.Combine(_folder, "merge.claim");
        JsonFile.TryCreate(path, ClaimHolder.Self("far") with { Host = "node7" }, ClaimJson.Default.ClaimHolder).ShouldBeTrue();
        Should.Throw<BusyException>(() => Claim.Take(path, "near")).Message.ShouldContain("--take-over");
        using var claim = Claim.Take(path, "near", takeOver: true);
    }

    [Fact]
    public void A_journal_is_found_through_a_symbolic_link()
    {
        var data = Path.Combine(_folder, "data.h5");
        File.WriteAllText(data, "");
        File.CreateSymbolicLink(Path.Combine(_folder, "link.h5"), data);
        UndoJournal.RefuseIfPresent(Path.Combine(_folder, "link.h5"));
        File.WriteAllText(UndoJournal.PathFor(RealPath.Resolve(data)), "");
        Should
            .Throw<BusyException>(() => UndoJournal.RefuseIfPresent(Path.Combine(_folder, "link.h5")))
            .Message.ShouldContain("hpcfit recover");
    }

    private string Refusal(RunDocument document) =>
        Should
            .Throw<BadInputException>(() =>
                RunDirectory.CreateOrOpen(_folder, document with { Digest = RunDigest.Compute(document.Spec, document.Inputs) })
            )
            .Message;

    private static RunDocument Document(string formula)
    {
        var spec = new RunSpec
        {
            Model = new ModelSpec
            {
                Engine = "lm",
                Formula = formula,
                VarTerms = [],
            },
            Data = [new("/d/data.h5", "/d/cohort.csv")],
            Elements = [new(20, 21), new(0, 10)],
        };
        var inputs = new RunInputs
        {
            NumericVersion = 1,
            TotalElements = 30,
            Scalars = [new("FDC", "ab")],
            CohortDigest = "cd",
        };
        return new()
        {
            Digest = RunDigest.Compute(spec, inputs),
            Spec = spec,
            Inputs = inputs,
            Layout = new(["Age.estimate"], [new("element_id", ResultSource.ElementId)]),
            Estimates = new()
            {
                ElementsPerStripe = 10,
                Stripes = 3,
                SecondsPerElement = 1e-6,
                BaseBytes = 1,
                BytesPerThread = 1,
            },
            Files = [],
            ProgramVersion = "0.1.0",
            Created = DateTimeOffset.UnixEpoch,
        };
    }
}
