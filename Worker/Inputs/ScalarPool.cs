using HpcFit.Shared.Hdf5.Filters;
using HpcFit.Shared.ModelArray;
using HpcFit.Shared.Specs.Documents;
using HpcFit.Shared.Stripes;

namespace HpcFit.Worker.Inputs;

/// <summary>
/// The scalars that one or several models read: each is opened once, so that models which share it share its chunk index and its stripes.
/// Not thread-safe.
/// </summary>
/// <param name="counters">Counts what is read.</param>
internal sealed class ScalarPool(ReadCounters counters) : IDisposable
{
    private readonly Dictionary<(string File, string Scalar, StripePlan Plan, long StripeMemory), StripeSource> _opened = [];
    private readonly Dictionary<StripeSource, ScalarFingerprint> _fingerprints = [];

    /// <summary>A scalar to be read in certain stripes.</summary>
    /// <param name="file">The file.</param>
    /// <param name="scalar">The scalar.</param>
    /// <param name="plan">The stripes.</param>
    /// <param name="stripeMemory">Inflated bytes that one stripe may take.</param>
    public StripeSource Open(ModelArrayFile file, ScalarMatrix scalar, StripePlan plan, long stripeMemory)
    {
        var key = (file.Path, scalar.Name, plan, stripeMemory);
        if (!_opened.TryGetValue(key, out var source))
            _opened.Add(key, source = StripeSource.Open(file, scalar, plan, stripeMemory, counters));
        return source;
    }

    /// <summary>A scalar's fingerprint, computed once.</summary>
    public ScalarFingerprint Fingerprint(StripeSource source)
    {
        if (!_fingerprints.TryGetValue(source, out var fingerprint))
            _fingerprints.Add(source, fingerprint = ScalarFingerprints.Compute(source));
        return fingerprint;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var source in _opened.Values)
            source.Dispose();
    }
}
