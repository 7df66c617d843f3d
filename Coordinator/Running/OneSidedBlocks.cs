using System.Runtime.InteropServices;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Documents;
using HpcFit.Shared.Specs.Layouts;

namespace HpcFit.Coordinator.Running;

/// <summary>
/// Blocks of an enhanced stage that tests both sides, as those of the stage of the same run that tests one. Each sign is enhanced as if the
/// other were 0, so the values of one side are there already, and results are those of computing them again: docs/decisions/stages.md.
/// </summary>
/// <param name="layout">What the blocks hold.</param>
/// <param name="sides">For each hypothesis the side that is tested.</param>
internal sealed class OneSidedBlocks(EnhancedBlock layout, IReadOnlyList<TestedSide> sides)
{
    /// <summary>
    /// The digest of the stage that tests both sides; null: the document's stage does so itself, or one side cannot be taken from it.
    /// </summary>
    /// <param name="stage">The document of a stage.</param>
    public static string? DigestOfBoth(RunDocument stage)
    {
        var model = stage.Spec.Model;
        // The heights of nilearn's form depend on the largest magnitude of both signs.
        if (model.Permutation is not { Alternative: not null } tests || model.Enhancement?.TfceLike == EnhancementSpec.Nilearn)
            return null;
        var both = stage.Spec with { Model = model with { Permutation = tests with { Alternative = null } } };
        return RunDigest.ComputeStage(both, stage.Inputs, stage.Stage!);
    }

    /// <summary>Appends the blocks of a stage that tests both sides to a partial file of one that tests one.</summary>
    /// <param name="stage">The stage that tests one side; its blocks have the layout of the other one's.</param>
    /// <param name="ofBoth">The stage that tests both.</param>
    /// <param name="tests">The tests of the run.</param>
    public static void Copy(RunDirectory stage, RunDirectory ofBoth, PermutationLayout tests)
    {
        var document = stage.Document;
        var (width, elements) = (document.Layout.PartialWidth, checked((int)document.Inputs.TotalElements));
        var layout = EnhancedBlock.Create(width, document.Layout.BytesPerBlock, elements);
        var blocks = new OneSidedBlocks(layout, [.. tests.Hypotheses.Select(one => one.Side)]);
        var slices = Coverage.Read(ofBoth, CancellationToken.None).Slices;
        if (slices.Count == 0)
            return;
        var attempt = AttemptId.New(new(1), new(0));
        var header = PartialHeader.Create(document.Digest, attempt, Environment.MachineName, document.Layout);
        using var partial = PartialWriter.Create(stage.PartialFile(attempt), header);
        using var reader = new PartialColumns();
        var bytes = new byte[layout.Bytes];
        foreach (var (block, units) in slices)
        {
            var (columns, status) = (new double[width * units.Count], new ElementStatus[units.Count]);
            reader.ReadColumns(block, 0, columns);
            reader.ReadBytes(block, width, 0, bytes);
            reader.ReadStatus(new(block, units), status);
            blocks.Convert(columns, bytes, (int)units.Count);
            partial.AppendWhole(new(units, columns, status), bytes, block.Read);
        }
        partial.Complete();
    }

    /// <summary>Converts a block in place.</summary>
    /// <param name="columns">Its columns.</param>
    /// <param name="bytes">What follows them.</param>
    /// <param name="shuffles">The number of its shuffles.</param>
    public void Convert(Span<double> columns, Span<byte> bytes, int shuffles)
    {
        for (var hypothesis = 0; hypothesis < layout.Hypotheses; hypothesis++)
        {
            var side = sides[hypothesis];
            if (side == TestedSide.Both)
                continue;
            var extremes = columns[(EnhancedBlock.ColumnOf(hypothesis) * shuffles)..];
            extremes.Slice(side == TestedSide.Upper ? shuffles : 0, shuffles).Clear();
            var map = Of<float>(bytes, layout.MapAt(hypothesis));
            var onSide = Of<ushort>(bytes, layout.CountsAt(hypothesis, EnhancedBlock.CountOf(side)));
            var asExtreme = Of<ushort>(bytes, layout.CountsAt(hypothesis, EnhancedBlock.AsExtreme));
            for (var element = 0; element < map.Length; element++)
            {
                if (float.IsNaN(map[element]))
                    continue;
                // Also a negative zero, which is the value of a negative statistic without support.
                if (float.IsNegative(map[element]) == (side == TestedSide.Upper))
                    map[element] = 0;
                asExtreme[element] = map[element] == 0 ? (ushort)shuffles : onSide[element];
            }
        }
    }

    private Span<T> Of<T>(Span<byte> bytes, long at)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(bytes[(int)at..])[..layout.Elements];
}
