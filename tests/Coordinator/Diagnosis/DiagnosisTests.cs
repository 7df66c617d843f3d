using HpcFit.Coordinator.Diagnosis;
using HpcFit.Coordinator.Launching.Batch;
using Microsoft.Extensions.Logging.Abstractions;

namespace HpcFit.Coordinator.Tests.Diagnosis;

public sealed class DiagnosisTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hpcfit-doctor-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_folder_is_described_and_nothing_is_left_in_it()
    {
        var findings = FolderChecks.Check(_folder).ToList();
        findings.ShouldAllBe(finding => finding.Topic == _folder);
        findings.ShouldContain(finding => finding.Text.StartsWith("file system ", StringComparison.Ordinal));
        findings.ShouldContain(finding => finding.Text.Contains("can be written and synced", StringComparison.Ordinal));
        findings.ShouldContain(finding => finding.Text.Contains("locks exclude other processes", StringComparison.Ordinal));
        Directory.GetFileSystemEntries(_folder).ShouldBeEmpty();
    }

    [Fact]
    public void A_file_is_described_by_its_folder()
    {
        var file = Path.Combine(_folder, "data.h5");
        File.WriteAllText(file, "");
        FolderChecks.Check(file).ShouldAllBe(finding => finding.State != FindingState.Missing);
        Directory.GetFileSystemEntries(_folder).ShouldBe([file]);
    }

    [Fact]
    public void Paths_that_cannot_be_used_are_missing_with_a_remedy()
    {
        var absent = FolderChecks.Check(Path.Combine(_folder, "nowhere")).ShouldHaveSingleItem();
        (absent.State, absent.Remedy is null).ShouldBe((FindingState.Missing, false));
        absent.Text.ShouldContain("does not exist");
        FolderChecks
            .Check("/proc")
            .ShouldContain(finding => finding.State == FindingState.Missing && finding.Text.Contains("cannot be written"));
    }

    [Fact]
    public void Programs_that_are_absent_are_warnings_with_a_remedy()
    {
        var findings = new ProgramChecks(new Answers(CommandEnding.NotFound, ""), NullLogger.Instance).All(CancellationToken.None).ToList();
        findings.Select(finding => finding.Topic).ShouldBe(["R", "Python", "Slurm"]);
        findings.ShouldAllBe(finding => finding.State == FindingState.Warning && finding.Remedy != null);
    }

    [Fact]
    public void Programs_that_answer_are_reported_with_their_versions()
    {
        var findings = new ProgramChecks(new Answers(CommandEnding.Ended, "v 4.2.2\n"), NullLogger.Instance).All(CancellationToken.None);
        findings.Where(finding => finding.Topic is "R" or "Python" or "Slurm").ShouldAllBe(finding => finding.Text.Contains("v 4.2.2"));
    }

    [Fact]
    public void The_library_of_HDF5_is_found_with_its_version()
    {
        var hdf5 = LibraryChecks.All().Single(finding => finding.Topic == "HDF5");
        (hdf5.State, hdf5.Remedy).ShouldBe((FindingState.Ok, null));
        hdf5.Text.ShouldEndWith($": {hdf5.File}");
        File.Exists(hdf5.File).ShouldBeTrue(hdf5.File);
        Path.GetFileName(hdf5.File).ShouldStartWith(Path.GetFileName(HpcFit.Shared.Hdf5.Native.Hdf5Library.Path));
        MachineChecks.All().Select(finding => finding.Topic).ShouldContain("processors");
    }

    private sealed class Answers(CommandEnding ending, string output) : ICommandRunner
    {
        public CommandAnswer Run(string program, IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken token) =>
            new(ending, ending == CommandEnding.Ended ? 0 : -1, output, "");
    }
}
