using System.CommandLine;
using System.Text;
using HpcFit.Coordinator.Commands;
using HpcFit.Coordinator.Imaging;
using HpcFit.Coordinator.Imaging.Cifti;
using HpcFit.Coordinator.Options.Models;
using HpcFit.Coordinator.Records;
using HpcFit.Coordinator.Tests.Imaging;
using HpcFit.Coordinator.Tests.Writing;
using HpcFit.Coordinator.Writing;
using HpcFit.Shared.Claims;
using HpcFit.Shared.Cohort;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;
using HpcFit.Tests;

namespace HpcFit.Coordinator.Tests.Fuzzing;

/// <summary>
/// Damaged inputs other than HDF5 files and partials, with fixed seeds: each is read, or refused with a sentence of this project's own or
/// the file system's (exit codes other than 1), in little memory.
/// </summary>
public sealed class DamagedInputTests : IDisposable
{
    private const int Seeds = 25;
    private const long MostBytes = 200_000_000;
    private const int MostCells = 1_000_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("hpcfit-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Cohorts() =>
        Check(
            Encoding.UTF8.GetBytes(
                "subject_id,scalar_name,source_file,Age,sex\n"
                    + string.Concat(Enumerable.Range(0, 30).Select(i => $"sub-{i},FD,\"sub-{i}.mif\",{8.25 + i},{"FM"[i % 2]}\n"))
            ),
            "cohort.csv",
            path => CohortTable.Read(path)
        );

    [Fact]
    public void Specs() =>
        Check(
            """{"model": "gam", "data": "d.h5", "phenotypes": "c.csv", "formula": "FD ~ s(Age, k=4) + sex", "sp": [-1, 0.5], "contrasts": {"site": "contr.sum"}, "workers": 4, "full-outputs": true}"""u8.ToArray(),
            "spec.json",
            path => SpecFile.Expand(new RootCommand { RunCommand.Create(new()) }, ["run", "--spec", path])
        );

    [Fact]
    public void Run_documents()
    {
        using var run = new TestRun();
        Check(
            File.ReadAllBytes(run.Directory.DocumentFile),
            run.Directory.DocumentFile,
            _ =>
            {
                var document = RunDirectory.Open(run.Directory.Root).Document;
                document.RefuseEdited(run.Directory.DocumentFile);
            }
        );
    }

    [Fact]
    public void Rounds()
    {
        using var run = new TestRun();
        var round = run.Directory.CreateRound([new Job(new(0), ElementSet.From(0, 50)), new Job(new(1), ElementSet.From(50, 100))]);
        var file = run.Directory.RoundFile(round.Id);
        Check(File.ReadAllBytes(file), file, _ => run.Directory.ReadRound(round.Id));
    }

    [Fact]
    public void Heartbeats()
    {
        using var run = new TestRun();
        var round = run.Directory.CreateRound([new Job(new(0), ElementSet.From(0, 100))]);
        var file = run.Directory.ProgressFile(run.Heartbeat(round.Id, new(0), 5));
        Check(File.ReadAllBytes(file), file, _ => RoundHeartbeats.Read(run.Directory, round.Id));
    }

    [Fact]
    public void Claims()
    {
        var file = Path.Combine(_folder, "x.claim");
        byte[] sound;
        using (Claim.Take(file, "hpcfit test"))
            sound = File.ReadAllBytes(file);
        Check(sound, file, path => Claim.ReadHolder(path));
    }

    [Fact]
    public void NIfTI_images() => Check(new TestVolume().Bytes(), "image.nii", ReadImage);

    [Fact]
    public void Compressed_NIfTI_images() => Check(TestVolume.Gzip(new TestVolume().Bytes()), "image.nii.gz", ReadImage);

    [Fact]
    public void MRtrix_images() =>
        Check(
            [
                .. "mrtrix image\ndim: 3,2,2\nvox: 1,1,1\nlayout: +0,+1,+2\ndatatype: Float32LE\ntransform: 1,0,0,0\ntransform: "u8
                    + "0,1,0,0\ntransform: 0,0,1,0\nfile: . 200\nEND\n"u8,
                .. new byte[200],
            ],
            "image.mif",
            ReadImage
        );

    [Fact]
    public void CIFTI_files() => Check(new TestCifti().Bytes(), "image.dscalar.nii", path => CiftiFile.Read(path));

    [Fact]
    public void Journals()
    {
        using var file = new DataFile();
        var image = CrashImage.OfWrite(file, "new", 5, overwrite: false)[20];
        Check(
            image.Journal,
            file.Journal,
            _ =>
            {
                File.WriteAllBytes(file.Path, image.File);
                RecoverFile.Run(file.Path, force: false, takeOver: false, default);
            }
        );
    }

    private static void ReadImage(string path)
    {
        var image = ImageFile.ReadPlaced(path);
        if (image.Shape.Aggregate(1L, (product, extent) => product * extent) < MostCells)
            ImageFile.ReadAll(image);
    }

    private void Check(byte[] sound, string name, Action<string> read)
    {
        var path = Path.Combine(_folder, name);
        for (var seed = 0; seed < Seeds; seed++)
        {
            File.WriteAllBytes(path, Mutation.Of(sound, seed));
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read(path);
            }
            catch (Exception refusal) when (refusal is HpcFitException or IOException)
            {
                refusal.Message.ShouldNotContain("System.");
            }
            catch (Exception surprise) when (surprise is not ShouldAssertException)
            {
                throw new InvalidOperationException($"Seed {seed} of {name}: {surprise}", surprise);
            }
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(MostBytes, $"seed {seed} of {name}");
        }
    }
}
