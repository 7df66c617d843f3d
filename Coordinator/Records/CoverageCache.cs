using HpcFit.Shared.Elements;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Records;

/// <summary>Coverage for repeated reading: partials that have not grown are not read again.</summary>
/// <param name="run">The run.</param>
internal sealed class CoverageCache(RunDirectory run)
{
    private readonly Dictionary<string, (long Length, ElementSet Elements)> _partials = [];

    /// <summary>The elements with a valid block.</summary>
    public ElementSet Read(CancellationToken token)
    {
        var document = run.Document;
        foreach (var path in run.PartialFiles())
        {
            var length = new FileInfo(path).Length;
            if (_partials.TryGetValue(path, out var known) && known.Length == length)
                continue;
            var scan = PartialScan.Read(path, document.Digest, document.Layout.PartialWidth, document.Inputs.TotalElements, token);
            _partials[path] = (length, ElementSet.From(scan.Blocks.Select(block => block.Elements)));
        }
        return ElementSet.From(_partials.Values.SelectMany(partial => partial.Elements));
    }
}
