using HpcFit.Shared.Elements;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Specs.Documents;

namespace HpcFit.Coordinator.Records;

/// <summary>Coverage for repeated reading: partials that have not grown are not read again.</summary>
/// <param name="run">The run.</param>
internal sealed class CoverageCache(RunDirectory run)
{
    private readonly IReadOnlyList<RunDirectory> _members = run.Members();
    private readonly Dictionary<string, (long Length, IReadOnlyList<ElementRange> Elements)> _partials = [];

    /// <summary>The elements with a valid block; of a batch those with a valid block in each of its runs.</summary>
    public ElementSet Read(CancellationToken token) =>
        _members.Skip(1).Aggregate(Read(_members[0], token), (all, member) => all.Intersect(Read(member, token)));

    private ElementSet Read(RunDirectory member, CancellationToken token)
    {
        var (document, covered) = (member.Document, new List<ElementRange>());
        foreach (var path in member.PartialFiles())
        {
            var length = new FileInfo(path).Length;
            if (!_partials.TryGetValue(path, out var known) || known.Length != length)
            {
                var scan = PartialScan.Read(path, document.Digest, BlockShape.From(document), token);
                _partials[path] = known = (length, Ranges(scan, document));
            }
            covered.AddRange(known.Elements);
        }
        return document.BlocksAreWhole ? Coverage.OfWhole(covered) : ElementSet.From(covered);
    }

    /// <summary>Ranges that touch are joined, unless each counts as a whole.</summary>
    private static IReadOnlyList<ElementRange> Ranges(PartialScan scan, RunDocument document)
    {
        var blocks = scan.Blocks.Select(block => block.Elements);
        if (document.BlocksAreWhole)
            return blocks.ToArray();
        return ElementSet.From(blocks);
    }
}
