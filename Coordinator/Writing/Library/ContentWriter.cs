using HpcFit.Coordinator.Writing.Chunks;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.ModelArray;

namespace HpcFit.Coordinator.Writing.Library;

/// <summary>
/// Pulls contents from their sources and passes them to a sink in order. Chunks are encoded on all cores in between, a bounded number at a
/// time.
/// </summary>
/// <param name="sink">The receiver of the steps.</param>
/// <param name="token">Cancels between two blocks.</param>
internal sealed class ContentWriter(IHdf5Sink sink, CancellationToken token)
{
    private const long MemoryForBlocks = 512L << 20;

    /// <summary>Writes all contents; returns the data for the verification.</summary>
    public IReadOnlyList<WrittenDataset> Write(IReadOnlyList<Content> contents)
    {
        var written = new List<WrittenDataset>();
        var marked = contents.OfType<GroupContent>().Where(group => group.IsMarked).Select(group => group.Path).ToList();
        Mark(marked, WriteState.Writing);
        foreach (var content in contents)
        {
            token.ThrowIfCancellationRequested();
            if (content is DatasetContent dataset)
                written.Add(Write(dataset));
            else if (content is CopiedContent copied)
                sink.CopyObject(copied.SourceFile, copied.Path);
            else if (content is RenamedContent renamed)
                sink.Rename(renamed.From, renamed.Path);
            else if (content is not RemovedContent) // removed before, like everything that is replaced
                sink.CreateGroup(content.Path);
            if (content.AttributesFrom is { } lender)
                sink.CopyAttributes(lender, content.Path);
            foreach (var attribute in content.Attributes)
                sink.WriteAttribute(content.Path, attribute);
        }
        Mark(marked, WriteState.Complete);
        return written;
    }

    /// <summary>
    /// Flushed after each step: a partly written group is in the file with its mark or not at all, and is marked complete only after all
    /// its values are in the file.
    /// </summary>
    private void Mark(List<string> groups, string state)
    {
        if (groups.Count == 0)
            return;
        sink.Flush();
        foreach (var group in groups)
        {
            sink.CreateGroup(group);
            sink.WriteAttribute(group, AttributeContent.Text(WriteState.Attribute, state));
        }
        sink.Flush();
    }

    private WrittenDataset Write(DatasetContent dataset)
    {
        var (layout, grid) = (dataset.Layout, new BlockGrid(dataset.Layout));
        sink.CreateDataset(layout);
        var records = new List<BlockRecord>();
        var slots = new BlockSlot[SlotCount(grid, layout)];
        var cut = layout.HasRawChunks ? new byte[layout.ChunkBytes] : [];
        try
        {
            for (var i = 0; i < slots.Length; i++)
                slots[i] = new(layout, grid.Values);
            // A slot is refilled only after its block was taken, so blocks arrive in order.
            for (long number = 0; number < grid.Count + slots.Length; number++)
            {
                token.ThrowIfCancellationRequested();
                var slot = slots[number % slots.Length];
                if (number >= slots.Length)
                    records.Add(Take(slot, layout));
                if (number < grid.Count)
                    slot.Fill(grid[number], dataset.Source, cut);
            }
        }
        finally
        {
            foreach (var slot in slots)
                slot?.Dispose();
        }
        return new(layout, records);
    }

    private BlockRecord Take(BlockSlot slot, DatasetLayout layout)
    {
        slot.Wait();
        if (layout.HasRawChunks)
            sink.WriteChunk(slot.Region.Origin, slot.Record.FilterMask, slot.Bytes.Span);
        else
            sink.WriteRegion(slot.Region, slot.Bytes.Span);
        return slot.Record;
    }

    /// <summary>Enough slots for every core to encode a block while this thread pulls and writes; fewer if blocks are large.</summary>
    private static int SlotCount(BlockGrid grid, DatasetLayout layout)
    {
        var bytes = 2L * grid.Values * layout.Type.Size; // a block and its encoding
        return (int)Math.Min(Math.Clamp(MemoryForBlocks / bytes, 1, 2 * Environment.ProcessorCount), grid.Count);
    }
}
