using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Coordinator.Writing.Failures;
using HpcFit.Shared.Claims;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;

namespace HpcFit.Coordinator.Writing.Journaling;

/// <summary>The right to write a file, one command at a time: a claim by its real path, and a lock that other HDF5 programs see.</summary>
internal sealed class WriteClaim : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly Claim _claim;
    private readonly HeldFile? _file;

    private WriteClaim(Claim claim, HeldFile? file) => (_claim, _file) = (claim, file);

    /// <summary>The file that is there and is written.</summary>
    public HeldFile Held => _file ?? throw new InvalidOperationException("A new file was claimed.");

    /// <summary>This process, as others see it.</summary>
    public ClaimHolder Holder => _claim.Holder;

    /// <summary>Takes the right to write into a file that is there, waiting for those who have it.</summary>
    /// <param name="file">The file's real path.</param>
    /// <param name="request">Whose word counts about dead holders, and how long to wait.</param>
    /// <param name="token">Stops waiting.</param>
    /// <exception cref="BusyException">Somebody else still has it.</exception>
    /// <exception cref="BadInputException">The file or its folder may not be written.</exception>
    public static WriteClaim Take(string file, WriteTurn request, CancellationToken token)
    {
        var deadline = DateTime.UtcNow + request.Patience;
        Claim? claim = null;
        try
        {
            claim = WaitFor(() => Claim.Take(UndoJournal.ClaimFor(file), request.What, request.Jobs, request.TakeOver), deadline, token);
            var held = WaitFor(() => FileLock.TryTake(file) ?? throw Locked(file), deadline, token);
            return new(claim, new(file, held));
        }
        catch (Exception refusal) when (DiskErrors.IsRefusal(refusal))
        {
            claim?.Dispose();
            throw new BadInputException(
                $"'{file}' cannot be written in place: {refusal.Message} Write the results into a new file with --output, or get the "
                    + "right to write the file and its folder.",
                refusal
            );
        }
        catch
        {
            claim?.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Takes the right to make a file of that name, waiting for those who have it. A file that is replaced may stay open in other programs.
    /// </summary>
    /// <param name="path">The path.</param>
    /// <param name="request">Whose word counts about dead holders, and how long to wait.</param>
    /// <param name="token">Stops waiting.</param>
    /// <exception cref="BusyException">Somebody else still has it.</exception>
    /// <exception cref="BadInputException">The folder takes no new file.</exception>
    public static WriteClaim TakeForNewFile(string path, WriteTurn request, CancellationToken token)
    {
        try
        {
            return new(
                WaitFor(
                    () => Claim.Take(UndoJournal.ClaimFor(path), request.What, request.Jobs, request.TakeOver),
                    DateTime.UtcNow + request.Patience,
                    token
                ),
                file: null
            );
        }
        catch (Exception refusal) when (DiskErrors.IsRefusal(refusal))
        {
            throw new BadInputException(
                $"'{path}' cannot be made: {refusal.Message} Get the right to write its folder, or choose another place.",
                refusal
            );
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file?.Dispose();
        _claim.Dispose();
    }

    private static T WaitFor<T>(Func<T> take, DateTime deadline, CancellationToken token)
    {
        var notice = new WaitNotice();
        while (true)
        {
            token.ThrowIfCancellationRequested();
            try
            {
                return take();
            }
            catch (BusyException busy) when (DateTime.UtcNow < deadline)
            {
                notice.Report(busy.Message);
                token.WaitHandle.WaitOne(Pause);
            }
        }
    }

    private static BusyException Locked(string file) =>
        new(
            $"'{file}' is open in another program, which holds a lock on it: {LockHolders.Describe(file)}. Close it there and repeat "
                + "the command, or write into a new file with --output."
        );
}
