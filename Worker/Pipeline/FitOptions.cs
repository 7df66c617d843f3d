using HpcFit.Shared.Runs;

namespace HpcFit.Worker.Pipeline;

/// <summary>What one attempt does, from the command line.</summary>
/// <param name="Round">The round.</param>
/// <param name="Job">The job in it.</param>
/// <param name="Threads">How many threads fit.</param>
/// <param name="OnError">What happens when a chunk is corrupt; null: as the round says.</param>
/// <param name="Heartbeat">Time between reports.</param>
/// <param name="MetadataTimeout">How long a call into the HDF5 library may take while metadata is read.</param>
internal sealed record FitOptions(RoundId Round, JobId Job, int Threads, OnError? OnError, TimeSpan Heartbeat, TimeSpan MetadataTimeout);
