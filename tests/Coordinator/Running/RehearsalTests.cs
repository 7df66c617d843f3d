using HpcFit.Coordinator.Running;

namespace HpcFit.Coordinator.Tests.Running;

/// <summary>A rehearsal goes the whole way, and nothing is left of it.</summary>
public sealed class RehearsalTests
{
    [Fact]
    public void Planning_comes_to_its_end() => Rehearsal.PlayPlanning();

    [Fact]
    public void Merging_comes_to_its_end_and_leaves_no_file()
    {
        var folder = Directory.CreateTempSubdirectory("hpcfit-tests-").FullName;

        Rehearsal.PlayMerging(folder);

        Directory.GetFileSystemEntries(folder).ShouldBeEmpty();
        Directory.Delete(folder);
    }

    [Fact]
    public void A_folder_that_takes_no_file_stops_nothing() => Rehearsal.PlayMerging("/proc/no-such-folder");
}
