using HpcFit.Shared.Cohort;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Documents;
using HpcFit.Worker.Inputs;
using HpcFit.Worker.Pipeline;
using HpcFit.Worker.Probing;

namespace HpcFit.Worker.Tests.Pipeline;

/// <summary>Files of shuffles and blocks, and the order of the cohort's file, are inputs of a run.</summary>
public sealed class ShuffleDigestTests : IDisposable
{
    private static readonly CohortTable Cohort = new("c.csv", [new TextColumn("id", ["a", "b", "c"])]);
    private readonly PipelineStudy _study = new();
    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("hpcfit-shuffles").FullName, "p.txt");

    public void Dispose()
    {
        _study.Dispose();
        Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);
    }

    [Fact]
    public void Only_what_shuffles_depend_on_is_digested()
    {
        Digest(null).ShouldBeNull();
        Digest(new() { Count = 9, Within = "id" }).ShouldBeNull();
        File.WriteAllText(_path, "1\n1\n2\n");
        string?[] digests =
        [
            Digest(new() { Count = 9, Whole = "id" }),
            Digest(new() { Count = 9, Whole = "id" }, Cohort.Take([1, 0, 2])),
            Digest(new() { Count = 9, Blocks = _path }),
            Digest(new() { Count = 9, File = _path }),
            ChangedFile("1\n2\n2\n"),
        ];
        digests.ShouldNotContain((string?)null);
        digests.Distinct().Count().ShouldBe(digests.Length);
        ChangedFile("1\n1\n2\n").ShouldBe(digests[2]);

        string? ChangedFile(string text)
        {
            File.WriteAllText(_path, text);
            return Digest(new() { Count = 9, Blocks = _path });
        }
    }

    [Fact]
    public void Changed_files_are_named()
    {
        File.WriteAllText(_path, "1\n1\n2\n");
        var spec = Spec(new() { Count = 9, File = _path });
        var answer = ProbeAnswerer.Answer(spec, PipelineStudy.Engines, (_, _) => null);
        answer.Inputs!.ShufflesDigest.ShouldNotBeNull();
        var run = new RunDocument
        {
            Digest = RunDigest.Compute(spec, answer.Inputs),
            Spec = spec,
            Inputs = answer.Inputs,
            Layout = answer.Layout!,
            Estimates = answer.Estimates!,
            Files = [],
            ProgramVersion = "1",
            Created = default,
        };
        ChangedInputs.Differences(run, answer.Inputs).ShouldBeEmpty();
        ChangedInputs
            .Differences(run, answer.Inputs with { ShufflesDigest = "another" })
            .ShouldHaveSingleItem()
            .ShouldContain($"the file of shuffles '{_path}'");
    }

    private string? Digest(PermutationSpec? permutation, CohortTable? cohort = null) =>
        ShuffleDigest.Compute(Spec(permutation), cohort ?? Cohort);

    private RunSpec Spec(PermutationSpec? permutation) => _study.Spec with { Model = _study.Spec.Model with { Permutation = permutation } };
}
