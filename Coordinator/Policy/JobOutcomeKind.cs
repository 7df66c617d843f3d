namespace HpcFit.Coordinator.Policy;

/// <summary>Where a job stands, or why it ended. Whether it succeeded is told by the elements it left, never by this.</summary>
internal enum JobOutcomeKind
{
    /// <summary>Not started yet.</summary>
    Waiting,

    /// <summary>At work.</summary>
    Running,

    /// <summary>The worker ended with success.</summary>
    Finished,

    /// <summary>SIGKILL, or gone without a word, and nobody says why.</summary>
    Killed,

    /// <summary>Killed for memory.</summary>
    OutOfMemory,

    /// <summary>Stopped at the end of its wall time.</summary>
    TimeLimit,

    /// <summary>Its machine failed.</summary>
    NodeFailure,

    /// <summary>The scheduler took its place away, or put it back into the queue.</summary>
    Preempted,

    /// <summary>The worker died of itself: an unforeseen exception, a segmentation fault, an exit code nobody knows.</summary>
    Crashed,

    /// <summary>A corrupt chunk or failing user code, under <c>--on-error stop</c>.</summary>
    DataError,

    /// <summary>The worker refused its input in words: trying again cannot help.</summary>
    Refused,

    /// <summary>Somebody was writing the data file.</summary>
    Busy,

    /// <summary>The file system refused to take or to give bytes: full, out of quota, broken.</summary>
    FileSystem,

    /// <summary>Asked to stop.</summary>
    Cancelled,

    /// <summary>Its launcher was gone, or gave it up, before it began.</summary>
    NeverStarted,
}
