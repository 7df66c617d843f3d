using HpcFit.Shared.Claims;

namespace HpcFit.Coordinator.Writing.Contents;

/// <summary>How a command waits for other writers.</summary>
/// <param name="What">The command, as shown to others in the claim.</param>
/// <param name="Patience">How long to wait for another writer.</param>
/// <param name="TakeOver">Whether the user declares that the holder of the claim is dead.</param>
/// <param name="Jobs">The scheduler's information on claim holders on other nodes; null: none.</param>
internal sealed record WriteTurn(string What, TimeSpan Patience, bool TakeOver = false, IJobLiveness? Jobs = null);
