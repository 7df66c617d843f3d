using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Pipeline;

/// <summary>Compares the present inputs with those from which a run's results were fitted.</summary>
internal static class InputCheck
{
    /// <summary>The differences. Stored values are read where results were fitted from them, and not inflated.</summary>
    /// <exception cref="BusyException">A data file is being written.</exception>
    public static InputCheckAnswer Answer(RunDirectory run, EngineFactory engines, CancellationToken token)
    {
        var document = run.Document;
        try
        {
            // The interpreter of this machine has no influence on results that were fitted elsewhere.
            using var model = RunModel.Open(document.Spec, engines, new(), document.Layout, document.Inputs.FunctionRuntime);
            var differences = ChangedInputs
                .Differences(document, model.Inputs with { NumericVersion = document.Inputs.NumericVersion })
                .ToList();
            if (differences.Count == 0)
                differences = [.. StoredValues(model, Coverage.Read(run, token), token)];
            return new() { Differences = differences, Files = model.Files };
        }
        catch (Exception refusal) when (refusal is BadInputException or Hdf5Exception)
        {
            return new() { Differences = [$"the model cannot be fitted to the inputs as they are now: {refusal.Message}"] };
        }
    }

    private static IEnumerable<string> StoredValues(RunModel model, Coverage coverage, CancellationToken token)
    {
        var stripes = coverage
            .Slices.Select(slice => slice.Block.Read)
            .GroupBy(read => read.Elements)
            .Select(group => group.First())
            .OrderBy(read => read.Elements.First)
            .ToList();
        var changed = new List<ElementRange>[model.Scalars.Count];
        for (var i = 0; i < changed.Length; i++)
            changed[i] = [];
        Parallel.ForEach(
            stripes,
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = token },
            () => model.Scalars.Select(scalar => scalar.Source.CreateReader()).ToArray(),
            (stripe, _, readers) =>
            {
                for (var i = 0; i < readers.Length; i++)
                {
                    if (IsUnchanged(readers, i, stripe))
                        continue;
                    lock (changed)
                        changed[i].Add(stripe.Elements);
                }
                return readers;
            },
            readers => Array.ForEach(readers, reader => reader.Dispose())
        );
        return changed
            .Select((ranges, i) => (Ranges: ElementSet.From(ranges), model.Scalars[i].Source.Scalar.Name))
            .Where(scalar => !scalar.Ranges.IsEmpty)
            .Select(scalar => $"stored values of the scalar '{scalar.Name}' at elements {Some(scalar.Ranges)}");
    }

    /// <summary>
    /// Whether a scalar's stored bytes are those that were digested; what was unreadable then must still be unreadable.
    /// </summary>
    private static bool IsUnchanged(StripeReader[] readers, int scalar, StripeDigest stripe)
    {
        if (stripe.Elements.Count < 1)
            return false;
        var expected = stripe.Scalars.IsEmpty
            ? default
            : stripe.Scalars.Slice(scalar * StripeDigest.BytesPerScalar, StripeDigest.BytesPerScalar);
        try
        {
            if (!expected.IsEmpty)
            {
                readers[scalar].DigestOnly(stripe.Elements);
                return readers[scalar].Digest.SequenceEqual(expected.Span);
            }
            // One damaged scalar suffices to skip an element; whether there still is one is checked once, for the last scalar.
            if (scalar < readers.Length - 1)
                return true;
            foreach (var reader in readers)
                reader.Load(stripe.Elements);
            return false;
        }
        catch (CorruptChunkException)
        {
            return expected.IsEmpty;
        }
    }

    private static string Some(ElementSet ranges)
    {
        const int Max = 3;
        var text = string.Join(", ", ranges.Take(Max));
        return ranges.Count > ranges.Take(Max).Sum(range => range.Count) ? $"{text}, … ({ranges.Count:N0} elements)" : text;
    }
}
