namespace HpcFit.Shared.Failures;

/// <summary>
/// Every exit code of <c>hpcfit</c> and <c>hpcfit-worker</c>. Scripts and schedulers rely on nothing else, so a number never changes its
/// meaning.
/// </summary>
public enum ExitCode
{
    /// <summary>Everything requested was done.</summary>
    Success = 0,

    /// <summary>A bug or an unexpected exception; the log contains its stack trace.</summary>
    InternalError = 1,

    /// <summary>The command line is wrong: unknown verb, unknown option, missing or contradictory values.</summary>
    Usage = 2,

    /// <summary>A file, name, formula or value that was given cannot be used; the message names it.</summary>
    BadInput = 3,

    /// <summary>
    /// The run has elements without a result: jobs failed beyond their retries, or the run is not finished. It can be resumed.
    /// </summary>
    IncompleteRun = 4,

    /// <summary>The scheduler refused or did not answer.</summary>
    SchedulerFailure = 5,

    /// <summary>Stopped by Ctrl-C, SIGTERM or Slurm's warning signal; finished blocks are kept.</summary>
    Cancelled = 6,

    /// <summary>Another process holds what is needed: a claim, a lock or a journal of another writer.</summary>
    Busy = 7,

    /// <summary>
    /// The file system refused: a full disk or quota, a permission, a broken device. Finished blocks are kept; correct the cause and
    /// resume.
    /// </summary>
    FileSystem = 8,

    /// <summary>
    /// Stored values cannot be read, or the user's function failed, at elements that the message names, and <c>--on-error</c> is
    /// <c>stop</c>. With <c>skip</c> those elements are left out.
    /// </summary>
    DataError = 9,

    /// <summary>An allocation failed; a process that the kernel kills for memory has no exit code.</summary>
    OutOfMemory = 10,
}
