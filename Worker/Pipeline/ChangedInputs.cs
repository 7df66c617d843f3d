using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;

namespace HpcFit.Worker.Pipeline;

/// <summary>Makes sure that what is fitted now is what the run was made for.</summary>
internal static class ChangedInputs
{
    /// <summary>Refuses to fit when the files, or the engine's arithmetic, are not those of the run.</summary>
    /// <exception cref="BadInputException">The message names what differs.</exception>
    public static void Refuse(RunDocument run, RunModel now)
    {
        if (RunDigest.Of(run.Spec, now.Inputs) == run.Digest) return;
        throw new BadInputException($"The run {run.Digest[..12]} was made of other inputs than there are now: {string.Join("; ", Differences(run, now))}. "
            + "Results of both would not belong together. Bring the old inputs back, or make a new run.");
    }

    private static IEnumerable<string> Differences(RunDocument run, RunModel now)
    {
        var (then, files) = (run.Inputs, string.Join(", ", run.Spec.Data.Select(data => $"'{data.Path}'")));
        var any = false;
        foreach (var scalar in now.Inputs.Scalars.Where(scalar => !then.Scalars.Contains(scalar)))
        {
            any = true;
            yield return $"the values, layout or sources of the scalar '{scalar.Scalar}' in {files} have changed";
        }
        if (then.TotalElements != now.Inputs.TotalElements) yield return $"{files} has {now.Inputs.TotalElements} elements, and had {then.TotalElements}";
        else if (then.CohortDigest != now.Inputs.CohortDigest) yield return $"columns that the model uses have changed in the cohort {string.Join(", ", run.Spec.Data.Select(data => $"'{data.Phenotypes}'"))}";
        else if (then.NumericVersion != now.Inputs.NumericVersion)
            yield return $"this program's arithmetic has version {now.Inputs.NumericVersion}, that of HpcFit {run.ProgramVersion}, which made the run, has {then.NumericVersion}";
        else if (then.FunctionDigest != now.Inputs.FunctionDigest) yield return $"the function file '{run.Spec.Model.Custom?.Function}' has changed";
        else if (then.FunctionRuntime != now.Inputs.FunctionRuntime)
            yield return $"the function is run by {now.Inputs.FunctionRuntime} here, and was by {then.FunctionRuntime} where the run was made (load the same module)";
        else if (!any) yield return "its run.json was edited";
    }
}
