using HpcFit.Coordinator.Writing.Failures;

namespace HpcFit.Coordinator.Writing.Child;

/// <summary>The questions of a write to the process that reads for it.</summary>
internal enum ReadQuestion : byte
{
    /// <summary>Followed by path, device, inode, length, targets, run; the answer is a <see cref="Journaling.FileSurvey"/>.</summary>
    Survey = 1,

    /// <summary>Followed by path, device, inode, objects, datasets: does the file contain what was written?</summary>
    Verify,
}

/// <summary>The first byte of an answer.</summary>
internal enum ReadVerdict : byte
{
    /// <summary>The requested data follow.</summary>
    Done = 1,

    /// <summary>A message and an exit code follow.</summary>
    Refused,

    /// <summary>The path of an object and its problem follow (<see cref="WriteDamagedException"/>).</summary>
    Damaged,
}
