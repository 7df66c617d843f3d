using HpcFit.Coordinator.Writing.Failures;

namespace HpcFit.Coordinator.Writing.Child;

/// <summary>What a write asks the process that reads for it.</summary>
internal enum ReadQuestion : byte
{
    /// <summary>Path, device, inode, length, targets, run: a <see cref="Journaling.FileSurvey"/> is the answer.</summary>
    Survey = 1,

    /// <summary>Path, device, inode, objects, datasets: whether the file holds what was written.</summary>
    Verify,
}

/// <summary>What the answer begins with.</summary>
internal enum ReadVerdict : byte
{
    /// <summary>What was asked for follows.</summary>
    Done = 1,

    /// <summary>A message and an exit code follow.</summary>
    Refused,

    /// <summary>The path of an object follows, and what is wrong with it (<see cref="WriteDamagedException"/>).</summary>
    Damaged,
}
