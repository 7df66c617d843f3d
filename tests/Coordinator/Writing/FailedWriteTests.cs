using HpcFit.Coordinator.Writing;
using HpcFit.Coordinator.Writing.Child;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Coordinator.Writing.Failures;
using HpcFit.Coordinator.Writing.Journaling;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Tests.Writing;

/// <summary>
/// A write that fails leaves the exact old bytes, and reports why. What ends the writing process happens at one block only: before the
/// next, the process may be gone.
/// </summary>
public sealed class FailedWriteTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void A_write_that_fails_leaves_the_exact_old_bytes(bool latest, bool overwrite)
    {
        using var file = new DataFile(latest);
        var contents = DataFile.Analysis(
            overwrite ? "old" : "new",
            5,
            (region, _) =>
            {
                if (region.Origin[0] == 11)
                    throw new BadInputException("the partial is damaged");
            }
        );

        Should
            .Throw<BadInputException>(() => Hdf5Write.Run(file.Into(contents) with { Overwrite = overwrite }, default))
            .Message.ShouldBe("the partial is damaged");

        file.ShouldBeAsBefore();
    }

    [Fact]
    public void A_cancelled_write_leaves_the_exact_old_bytes()
    {
        using var file = new DataFile();
        using var stop = new CancellationTokenSource();
        var contents = DataFile.Analysis(
            "new",
            5,
            (region, _) =>
            {
                if (region.Origin[0] == 7)
                    stop.Cancel();
            }
        );

        Should.Throw<OperationCanceledException>(() => Hdf5Write.Run(file.Into(contents), stop.Token));

        file.ShouldBeAsBefore();
    }

    [Fact]
    public void A_killed_writing_process_is_reported_and_undone()
    {
        using var file = new DataFile();
        var contents = DataFile.Analysis(
            "new",
            5,
            (region, _) =>
            {
                if (region.Origin is [7, 0])
                    WritingProcess.Kill();
            }
        );

        Should.Throw<WriteFailedException>(() => Hdf5Write.Run(file.Into(contents), default)).Message.ShouldContain("killed by signal 9");

        file.ShouldBeAsBefore();
    }

    [Fact]
    public void A_crash_of_the_library_after_a_disk_error_is_reported_and_undone()
    {
        using var file = new DataFile();
        var contents = DataFile.Analysis(
            "new",
            5,
            (region, _) =>
            {
                if (region.Origin is [7, 0])
                    WritingProcess.Crash();
            }
        );

        Should
            .Throw<DiskRefusedException>(() => Hdf5Write.Run(file.Into(contents), default))
            .Message.ShouldContain("HDF5 library crashed during the write");

        file.ShouldBeAsBefore();
    }

    [Fact]
    public void A_disk_that_fills_up_is_reported_and_the_write_undone()
    {
        WritingProcess.AllowFileSizeLimits();
        using var file = new DataFile();
        var contents = DataFile.Analysis(
            "new",
            5,
            (region, destination) =>
            {
                new Random((int)region.Origin[0]).NextBytes(destination);
                if (region.Origin is [2, 0])
                    WritingProcess.LimitFileSize(new FileInfo(file.Path).Length + 4096);
            }
        );

        var failure = Should.Throw<DiskRefusedException>(() => Hdf5Write.Run(file.Into(contents), default));

        failure.Message.ShouldContain("space");
        failure.Message.ShouldContain(file.Path);
        failure.ExitCode.ShouldBe(ExitCode.FileSystem);
        file.ShouldBeAsBefore();
    }

    [Fact]
    public void Too_little_space_is_reported_before_a_byte_is_written()
    {
        using var file = new DataFile();
        var huge = new DatasetContent("/huge")
        {
            Type = ElementType.Float64,
            Shape = [1L << 40, 1000],
            Chunk = [1000, 1000],
            Source = (_, _) => throw new InvalidOperationException("pulled"),
        };

        var failure = Should.Throw<DiskRefusedException>(() => Hdf5Write.Run(file.Into(huge), default));

        failure.Message.ShouldContain("space");
        failure.Message.ShouldContain(file.Path);
        file.ShouldBeAsBefore();
    }

    [Theory]
    [InlineData(0)] // before the writing process opens it
    [InlineData(7)] // while it writes
    public void A_file_that_is_replaced_during_the_write_is_never_touched(int atColumn)
    {
        using var file = new DataFile();
        using var other = new DataFile(latest: true);
        var contents = DataFile.Analysis(
            "new",
            5,
            (region, _) =>
            {
                if (region.Origin[0] == atColumn && File.Exists(other.Path))
                    ReplaceBy(other.Path, file.Path);
            }
        );

        Should.Throw<FileReplacedException>(() => Hdf5Write.Run(file.Into(contents), default)).Message.ShouldContain(file.Path);

        file.Hash().ShouldBe(other.Before);
        Sha256(file.Path + ".aside").ShouldBe(file.Before);
        File.Exists(file.Journal).ShouldBeFalse();
    }

    private static void ReplaceBy(string other, string path)
    {
        File.Move(path, path + ".aside");
        File.Move(other, path);
    }

    private static string Sha256(string path) => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)));
}
