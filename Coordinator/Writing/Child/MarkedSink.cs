using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Coordinator.Writing.Journaling;
using HpcFit.Coordinator.Writing.Library;

namespace HpcFit.Coordinator.Writing.Child;

/// <summary>Marks each step in the journal before and after it is performed.</summary>
/// <param name="sink">Performs the steps.</param>
/// <param name="activity">The journal's activity byte.</param>
internal sealed class MarkedSink(IHdf5Sink sink, JournalActivity activity) : IHdf5Sink
{
    /// <inheritdoc/>
    public void Delete(string path) => activity.Around(() => sink.Delete(path));

    /// <inheritdoc/>
    public void Rename(string from, string to) => activity.Around(() => sink.Rename(from, to));

    /// <inheritdoc/>
    public void CreateGroup(string path) => activity.Around(() => sink.CreateGroup(path));

    /// <inheritdoc/>
    public void CreateDataset(DatasetLayout layout) => activity.Around(() => sink.CreateDataset(layout));

    /// <inheritdoc/>
    public void WriteChunk(IReadOnlyList<long> origin, uint filterMask, ReadOnlySpan<byte> stored)
    {
        activity.Begin();
        sink.WriteChunk(origin, filterMask, stored);
        activity.End();
    }

    /// <inheritdoc/>
    public void WriteRegion(Region region, ReadOnlySpan<byte> values)
    {
        activity.Begin();
        sink.WriteRegion(region, values);
        activity.End();
    }

    /// <inheritdoc/>
    public void WriteAttribute(string owner, AttributeContent attribute) => activity.Around(() => sink.WriteAttribute(owner, attribute));

    /// <inheritdoc/>
    public void Flush() => activity.Around(sink.Flush);

    /// <inheritdoc/>
    public void CopyObject(string sourceFile, string path) => activity.Around(() => sink.CopyObject(sourceFile, path));

    /// <inheritdoc/>
    public void CopyAttributes(string sourceFile, string path) => activity.Around(() => sink.CopyAttributes(sourceFile, path));
}
