using HpcFit.Coordinator.Writing.Chunks;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.ModelArray;

namespace HpcFit.Coordinator.Writing.Library;

/// <summary>
/// Pulls contents from their sources and hands them to a sink in order. Chunks are encoded on all cores in between, a bounded number at a
/// time.
/// </summary>
/// <param name="sink">Where they go.</param>
/// <param name="token">Stops between two blocks.</param>
internal sealed class ContentWriter(IHdf5Sink sink, CancellationToken token)
{
    private const long MemoryForBlocks = 512L << 20;

    /// <summary>Writes all contents; returns what the verification needs.</summary>
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
            else
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
    /// Flushed each time: a half-written group is in the file with its mark, or not at all, and it is complete only after all its values
    /// are there.
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
            // A slot is filled again only after its block was taken, so blocks arrive in order.
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

    /// <summary>Enough that every core has a block to encode while this thread pulls and writes; fewer where blocks are large.</summary>
    private static int SlotCount(BlockGrid grid, DatasetLayout layout)
    {
        var bytes = 2L * grid.Values * layout.Type.Size; // a block and its encoding
        return (int)Math.Min(Math.Clamp(MemoryForBlocks / bytes, 1, 2 * Environment.ProcessorCount), grid.Count);
    }
}
