using System.Globalization;
using HpcFit.Coordinator.Writing;
using HpcFit.Shared.Claims;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;

namespace HpcFit.Coordinator.Tests.Writing;

/// <summary>One writer at a time: claims and locks of a file, by whatever name it is called.</summary>
public sealed class WriteClaimTests
{
    [Fact]
    public void Another_writer_is_reported_and_waited_for()
    {
        using var file = new DataFile();
        using (Claim.Take(UndoJournal.ClaimFor(file.Path), "hpcfit merge"))
        {
            var failure = Should.Throw<BusyException>(() => Hdf5Write.Run(file.Into(DataFile.Analysis("new", 5)), default));
            failure.Message.ShouldContain("'hpcfit merge', process " + Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            file.ShouldBeAsBefore();
        }

        var claim = Claim.Take(UndoJournal.ClaimFor(file.Path), "hpcfit merge");
        using var release = new Timer(_ => claim.Dispose(), null, 300, Timeout.Infinite);
        Hdf5Write.Run(file.Into(DataFile.Analysis("new", 5)) with { Patience = TimeSpan.FromMinutes(1) }, default);
        file.ShouldHold("new", 5);
    }

    [Fact]
    public void A_writer_of_unknown_state_is_taken_over_only_at_the_users_request()
    {
        using var file = new DataFile();
        JsonFile
            .TryCreate(
                UndoJournal.ClaimFor(file.Path),
                ClaimHolder.Self("hpcfit merge") with
                {
                    Host = "node7",
                },
                ClaimJson.Default.ClaimHolder
            )
            .ShouldBeTrue();
        var request = file.Into(DataFile.Analysis("new", 5)) with { Patience = TimeSpan.Zero };
        Should.Throw<BusyException>(() => Hdf5Write.Run(request, default)).Message.ShouldContain("--take-over");
        file.ShouldBeAsBefore();

        Hdf5Write.Run(request with { TakeOver = true }, default);
        file.ShouldHold("new", 5);
        File.Exists(UndoJournal.ClaimFor(file.Path)).ShouldBeFalse();
    }

    [Fact]
    public void A_file_that_another_program_has_locked_is_refused()
    {
        using var file = new DataFile();
        using (FileLock.Share(file.Path, TimeSpan.Zero))
            Should
                .Throw<BusyException>(() => Hdf5Write.Run(file.Into(DataFile.Analysis("new", 5)), default))
                .Message.ShouldContain("open in another program");
        File.Exists(UndoJournal.ClaimFor(file.Path)).ShouldBeFalse();
        file.ShouldBeAsBefore();
    }

    [Fact]
    public void A_symbolic_link_leads_to_the_file_and_its_own_claim()
    {
        using var file = new DataFile();
        var link = file.Path + ".link";
        File.CreateSymbolicLink(link, file.Path);
        using (Claim.Take(UndoJournal.ClaimFor(file.Path), "hpcfit merge"))
            Should.Throw<BusyException>(() => Hdf5Write.Run(file.Into(DataFile.Analysis("new", 5)) with { File = link }, default));

        Hdf5Write.Run(file.Into(DataFile.Analysis("new", 5)) with { File = link }, default).File.ShouldBe(RealPath.Resolve(file.Path));

        file.ShouldHold("new", 5);
    }
}
