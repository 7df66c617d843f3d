using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Writing;

/// <summary>
/// A crash or a hang of libhdf5 in any process of a write leads to an error message and the exact old bytes, and leaves no other files.
/// </summary>
public sealed class FailingLibraryTests : IDisposable
{
    private const int BadInput = 3;
    private const int FileSystem = 8;

    private readonly FailingOpen _library = new();
    private readonly FittedRun _run = new(elements: 2000);

    [Theory]
    [InlineData(1)] // before the journal, for the plan
    [InlineData(2)] // after the write, for the verification
    public void A_crash_while_the_data_file_is_read_is_reported_as_damage(int at)
    {
        _library.Run("*/data.h5", "read", at, hangs: false, "merge", _run.Run).ShouldEndWith(BadInput).ShouldSay(_run.Data, "SIGSEGV");
        ShouldBeAsBefore();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_hang_while_the_data_file_is_read_is_reported_as_damage(int at)
    {
        _library
            .Run("*/data.h5", "read", at, hangs: true, "merge", _run.Run, "--metadata-timeout", "1s")
            .ShouldEndWith(BadInput)
            .ShouldSay(_run.Data, "no progress", "--metadata-timeout");
        ShouldBeAsBefore();
    }

    [Fact]
    public void A_crash_while_it_is_written_is_reported()
    {
        _library
            .Run("*/data.h5", "write", at: 1, hangs: false, "merge", _run.Run)
            .ShouldEndWith(FileSystem)
            .ShouldSay(_run.Data, "crashed during the write");
        ShouldBeAsBefore();
    }

    [Fact]
    public void A_hang_while_it_is_written_is_ended_after_ten_times_the_limit()
    {
        _library
            .Run("*/data.h5", "write", at: 1, hangs: true, "merge", _run.Run, "--metadata-timeout", "0.2s")
            .ShouldEndWith(BadInput)
            .ShouldSay(_run.Data, "no progress", "2 s");
        ShouldBeAsBefore();
    }

    [Theory]
    [InlineData(false, "SIGSEGV")]
    [InlineData(true, "no progress")]
    public void A_new_file_that_cannot_be_read_back_is_absent(bool hangs, string word)
    {
        var output = Path.Combine(_run.Folder, "new.h5");
        _library
            .Run("*/new.h5.*.tmp", "read", at: 1, hangs, "merge", _run.Run, "--output", output, "--metadata-timeout", "1s")
            .ShouldEndWith(BadInput)
            .ShouldSay("new.h5", word);
        Directory.EnumerateFiles(_run.Folder, "new.h5*").ShouldBeEmpty();
    }

    [Fact]
    public void A_crash_while_an_object_of_another_file_is_copied_is_reported_as_damage_of_that_file()
    {
        var output = Path.Combine(_run.Folder, "new.h5");
        HpcFitProgram.Run("merge", _run.Run).ShouldSucceed(); // the analysis is what is copied
        _library
            .Run("*/data.h5", "read", at: 1, hangs: false, "rechunk", _run.Data, output)
            .ShouldEndWith(BadInput)
            .ShouldSay(_run.Data, "SIGSEGV");
        Directory.EnumerateFiles(_run.Folder, "new.h5*").ShouldBeEmpty();
    }

    public void Dispose()
    {
        _run.Dispose();
        _library.Dispose();
    }

    private void ShouldBeAsBefore()
    {
        _run.HashOfData().ShouldBe(_run.BeforeHash);
        Directory.EnumerateFiles(_run.Folder, "data.h5.hpcfit-*").ShouldBeEmpty();
        HpcFitProgram.Run("merge", _run.Run).ShouldSucceed();
        _run.ShouldHoldTheResults();
    }
}
