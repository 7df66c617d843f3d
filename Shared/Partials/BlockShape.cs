using HpcFit.Shared.Specs.Documents;

namespace HpcFit.Shared.Partials;

/// <summary>What the blocks of a run's partials hold, which the reader must know to recognise damage.</summary>
/// <param name="Columns">Columns of one value per unit.</param>
/// <param name="BytesPerBlock">Bytes after the columns, whatever the number of units.</param>
/// <param name="Units">Units of the file or stage: a block beyond them is damage.</param>
/// <param name="TotalElements">Elements of the data file: digests of others are damage.</param>
public readonly record struct BlockShape(int Columns, int BytesPerBlock, long Units, long TotalElements)
{
    /// <summary>The shape of a run's blocks.</summary>
    public static BlockShape From(RunDocument run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var elements = run.Inputs.TotalElements;
        return new(run.Layout.PartialWidth, run.Layout.BytesPerBlock, run.Stage?.Units ?? elements, elements);
    }

    /// <summary>The bytes between the head and the status codes of a frame.</summary>
    internal long ContentBytes(long units) => (units * Columns * sizeof(double)) + BytesPerBlock;
}
