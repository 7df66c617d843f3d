using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Documents;

namespace HpcFit.Worker.Pipeline;

/// <summary>Ensures that the inputs are those for which the run was made.</summary>
internal static class ChangedInputs
{
    /// <summary>Refuses to fit when the files, or the engine's arithmetic, are not those of the run.</summary>
    /// <exception cref="BadInputException">The message names what differs.</exception>
    public static void Refuse(RunDocument run, RunModel now)
    {
        if (run.DigestFor(now.Inputs) == run.Digest)
            return;
        throw new BadInputException(
            $"The run {run.Digest[..12]} was made from inputs that have changed since: {string.Join("; ", Differences(run, now.Inputs))}. "
                + "Results of both must not be mixed. Restore the former inputs, or fit the present ones in another run "
                + "directory (--run-dir)."
        );
    }

    /// <summary>The differences between the inputs of a run and the present ones; none when they are the same.</summary>
    public static IEnumerable<string> Differences(RunDocument run, RunInputs now)
    {
        var then = run.Inputs;
        if (run.DigestFor(now) == run.Digest)
            return [];
        var differences = then.Scalars.Zip(now.Scalars).SelectMany(pair => Differences(pair.First, pair.Second)).ToList();
        if (then.CohortDigest != now.CohortDigest)
            differences.Add(
                $"columns of the cohort {Names(run.Spec.Data.Select(data => data.Phenotypes))} that the model uses, or the order of "
                    + "its subjects"
            );
        if (then.FunctionDigest != now.FunctionDigest)
            differences.Add($"the function file '{run.Spec.Model.Custom?.Function}'");
        if (then.FunctionRuntime != now.FunctionRuntime)
            differences.Add(
                $"the function is run by {now.FunctionRuntime} here, and was by {then.FunctionRuntime} where the run was made (load "
                    + "the same module)"
            );
        if (then.NeighboursDigest != now.NeighboursDigest)
            differences.Add("the positions or the connectivity of the elements");
        if (then.ShufflesDigest != now.ShufflesDigest)
            differences.Add(DescribeShuffles(run.Spec.Model.Permutation));
        if (then.NumericVersion != now.NumericVersion)
            differences.Add(
                $"this program's arithmetic has version {now.NumericVersion}, that of HpcFit {run.ProgramVersion}, which made the "
                    + $"run, has {then.NumericVersion}"
            );
        return differences.Count > 0 ? differences : ["its run.json was edited"];
    }

    private static IEnumerable<string> Differences(ScalarFingerprint then, ScalarFingerprint now)
    {
        if (then.Digest == now.Digest)
            yield break;
        if (then.Scalar != now.Scalar)
            yield return $"the model reads the scalar '{now.Scalar}' where it read '{then.Scalar}'";
        else if (then.Shape != now.Shape)
            yield return $"the scalar '{now.Scalar}' is {now.Shape}, and was {then.Shape}";
        else if (then.Sources != now.Sources)
            yield return $"the source names of the scalar '{now.Scalar}', or their order";
        else
            yield return $"the stored values, layout or filters of the scalar '{now.Scalar}'";
    }

    private static string DescribeShuffles(PermutationSpec? permutation) =>
        permutation is { File: { } file } ? $"the file of shuffles '{file}', or the order of the cohort's rows"
        : permutation is { Blocks: { } blocks } ? $"the table of blocks '{blocks}', or the order of the cohort's rows"
        : "the order of the cohort's rows";

    private static string Names(IEnumerable<string> paths) => string.Join(", ", paths.Select(path => $"'{path}'"));
}
