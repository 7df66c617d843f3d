namespace HpcFit.Coordinator.Writing;

/// <summary>The cost of a write.</summary>
/// <param name="File">The file that contains the contents now.</param>
/// <param name="RawBytes">Bytes of all values.</param>
/// <param name="StoredBytes">Their stored size in the file, compressed.</param>
/// <param name="JournalBytes">Bytes the undo journal saved; 0 for a new file.</param>
/// <param name="Recovered">Whether an interrupted earlier write was undone first.</param>
/// <param name="Elapsed">The time from the claim to the end.</param>
internal sealed record WriteReport(string File, long RawBytes, long StoredBytes, long JournalBytes, bool Recovered, TimeSpan Elapsed);
