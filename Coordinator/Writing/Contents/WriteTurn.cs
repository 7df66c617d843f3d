using HpcFit.Shared.Claims;

namespace HpcFit.Coordinator.Writing.Contents;

/// <summary>How a command waits for its turn to write.</summary>
/// <param name="What">The command, as the claim tells others.</param>
/// <param name="Patience">How long it waits for another writer.</param>
/// <param name="TakeOver">The user's word that whoever claimed the write is dead.</param>
/// <param name="Jobs">The scheduler's word about claim holders on other nodes; null: none.</param>
internal sealed record WriteTurn(string What, TimeSpan Patience, bool TakeOver = false, IJobLiveness? Jobs = null);
