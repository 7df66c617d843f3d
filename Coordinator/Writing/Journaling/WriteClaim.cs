using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Coordinator.Writing.Failures;
using HpcFit.Shared.Claims;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;

namespace HpcFit.Coordinator.Writing.Journaling;

/// <summary>
/// The right to write a file, held by one command at a time: a claim by its real path, and a lock that other HDF5 programs respect.
/// </summary>
internal sealed class WriteClaim : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly Claim _claim;
    private readonly HeldFile? _file;

    private WriteClaim(Claim claim, HeldFile? file) => (_claim, _file) = (claim, file);

    /// <summary>The existing file that is written.</summary>
    public HeldFile Held => _file ?? throw new InvalidOperationException("A new file was claimed.");

    /// <summary>This process, as shown to others.</summary>
    public ClaimHolder Holder => _claim.Holder;

    /// <summary>Takes the right to write an existing file, waiting for other holders.</summary>
    /// <param name="file">The file's real path.</param>
    /// <param name="request">The conditions for dead holders, and how long to wait.</param>
    /// <param name="token">Cancels waiting.</param>
    /// <exception cref="BusyException">Another process still holds it.</exception>
    /// <exception cref="BadInputException">No permission to write the file or its folder.</exception>
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
                $"'{file}' cannot be written in place: {refusal.Message} Write the results into a new file with --output, or get "
                    + "permission to write the file and its folder.",
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
    /// Takes the right to create a file of that name, waiting for other holders. A file that is replaced may stay open in other programs.
    /// </summary>
    /// <param name="path">The path.</param>
    /// <param name="request">The conditions for dead holders, and how long to wait.</param>
    /// <param name="token">Cancels waiting.</param>
    /// <exception cref="BusyException">Another process still holds it.</exception>
    /// <exception cref="BadInputException">No file can be created in the folder.</exception>
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
                $"'{path}' cannot be created: {refusal.Message} Get permission to write its folder, or choose another location.",
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
