using System.Buffers;
using System.Runtime.InteropServices;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;

namespace HpcFit.Shared.Partials;

/// <summary>
/// The elements of a run that have a valid block in some partial. Blocks of two attempts may overlap: they must then agree to the bit, and
/// the first by file name counts.
/// </summary>
public sealed class Coverage
{
    private Coverage(IReadOnlyList<CoveredSlice> slices, IReadOnlyList<string> leftOut)
    {
        (Slices, LeftOut) = (slices, leftOut);
        Elements = ElementSet.From(slices.Select(slice => slice.Elements));
    }

    /// <summary>The elements with a valid block.</summary>
    public ElementSet Elements { get; }

    /// <summary>The slices that contain them; ascending and disjoint.</summary>
    public IReadOnlyList<CoveredSlice> Slices { get; }

    /// <summary>Files and parts of files that were ignored, and why: foreign runs, newer formats, damage.</summary>
    public IReadOnlyList<string> LeftOut { get; }

    /// <summary>Reads and verifies all partials of a run.</summary>
    /// <exception cref="PartialConflictException">Two blocks differ where they overlap.</exception>
    /// <exception cref="BadInputException">Two attempts read different bytes at the same elements: a data file was changed between
    /// them.</exception>
    public static Coverage Read(RunDirectory run, CancellationToken token)
    {
        ArgumentNullException.ThrowIfNull(run);
        var document = run.Document;
        return Read(run.PartialFiles(), document.Digest, BlockShape.From(document), document.BlocksAreWhole, token);
    }

    /// <summary>The same, from the files and the properties of the run.</summary>
    public static Coverage Read(IEnumerable<string> files, string runDigest, BlockShape shape, bool blocksAreWhole, CancellationToken token)
    {
        var blocks = new List<PartialBlock>();
        var leftOut = new List<string>();
        foreach (var file in files)
        {
            var scan = PartialScan.Read(file, runDigest, shape, token);
            blocks.AddRange(scan.Blocks);
            if (scan.LeftOut is { } reason)
                leftOut.Add(reason);
        }
        RefuseContradictions(blocks);
        return new(blocksAreWhole ? Whole(blocks) : Disjoint(blocks, shape.Columns), leftOut);
    }

    /// <summary>The units that blocks cover which are used as a whole or not at all.</summary>
    public static ElementSet OfWhole(IEnumerable<ElementRange> blocks) => ElementSet.From(ExactCover.Select(blocks, block => block));

    /// <summary>Refuses a mixture of blocks that were read before and after a data file was changed.</summary>
    private static void RefuseContradictions(List<PartialBlock> blocks)
    {
        var firstOf = new Dictionary<ElementRange, PartialBlock>();
        foreach (var block in blocks)
        {
            if (block.Read.Scalars.IsEmpty || firstOf.TryAdd(block.Read.Elements, block))
                continue;
            var other = firstOf[block.Read.Elements];
            if (!other.Read.Contradicts(block.Read))
                continue;
            throw new BadInputException(
                $"'{other.Path}' and '{block.Path}' were fitted from different stored values of elements {block.Read.Elements}: a "
                    + "data file was changed between them. "
                    + "Nothing was merged. Remove the one that is outdated and fit its elements again with 'hpcfit resume', or start "
                    + "again with another --run-dir."
            );
        }
    }

    /// <summary>Blocks that are not divided: an exact cover by them.</summary>
    private static List<CoveredSlice> Whole(List<PartialBlock> blocks)
    {
        foreach (var same in blocks.GroupBy(block => block.Elements))
        {
            var first = same.First();
            foreach (var other in same.Where(other => other.Checksum != first.Checksum))
                throw Conflict(first, other, first.Elements, "");
        }
        return [.. ExactCover.Select(blocks, block => block.Elements).Select(block => new CoveredSlice(block, block.Elements))];
    }

    private static PartialConflictException Conflict(PartialBlock one, PartialBlock other, ElementRange shared, string where) =>
        new(
            $"'{one.Path}' and '{other.Path}' hold different results for {(where.Length == 0 ? "units" : "elements")} {shared}{where}, "
                + "although every attempt must give the same bits. "
                + "Nothing was merged. Please report this with both files; removing the one of the suspect machine and "
                + "'hpcfit resume' fits its elements again."
        );

    /// <summary>A sweep over the blocks by first element; the sort is stable, so which attempt counts does not depend on chance.</summary>
    private static List<CoveredSlice> Disjoint(List<PartialBlock> blocks, int columns)
    {
        var slices = new List<CoveredSlice>(blocks.Count);
        foreach (var block in blocks.OrderBy(block => block.Elements.First))
        {
            for (var i = slices.Count - 1; i >= 0 && slices[i].Elements.End > block.Elements.First; i--)
                RequireEqual(slices[i], block, columns);
            var first = slices.Count == 0 ? block.Elements.First : Math.Max(block.Elements.First, slices[^1].Elements.End);
            if (first < block.Elements.End)
                slices.Add(new(block, block.Elements with { First = first }));
        }
        return slices;
    }

    private static void RequireEqual(CoveredSlice taken, PartialBlock other, int columns)
    {
        if (taken.Block.Elements == other.Elements && taken.Block.Checksum == other.Checksum)
            return;
        var shared = taken.Elements.Intersect(other.Elements);
        if (shared.Count <= 0)
            return;
        using var reader = new PartialColumns();
        var length = (int)shared.Count;
        var (mine, theirs) = (ArrayPool<double>.Shared.Rent(length), ArrayPool<double>.Shared.Rent(length));
        try
        {
            for (var column = 0; column < columns; column++)
            {
                reader.ReadColumn(new(taken.Block, shared), column, mine.AsSpan(0, length));
                reader.ReadColumn(new(other, shared), column, theirs.AsSpan(0, length));
                if (!MemoryMarshal.AsBytes(mine.AsSpan(0, length)).SequenceEqual(MemoryMarshal.AsBytes(theirs.AsSpan(0, length))))
                    throw Conflict(taken.Block, other, shared, $" (column {column})");
            }
        }
        finally
        {
            ArrayPool<double>.Shared.Return(mine);
            ArrayPool<double>.Shared.Return(theirs);
        }
    }
}

/// <summary>The part of a block that a merge uses; overlapping parts come from blocks of other attempts.</summary>
/// <param name="Block">The block.</param>
/// <param name="Elements">The elements that count, within the block's.</param>
public readonly record struct CoveredSlice(PartialBlock Block, ElementRange Elements);

/// <summary>Two attempts gave different results for one element, although results must be identical to the bit. Nothing is
/// merged.</summary>
/// <inheritdoc cref="HpcFitException(string, Exception?)"/>
public sealed class PartialConflictException(string message) : HpcFitException(message)
{
    /// <inheritdoc/>
    public override ExitCode ExitCode => ExitCode.InternalError;
}
