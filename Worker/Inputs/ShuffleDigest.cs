using System.Buffers.Binary;
using System.IO.Hashing;
using HpcFit.Shared.Cohort;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Shuffling;

namespace HpcFit.Worker.Inputs;

/// <summary>The digest of what determines the shuffles besides the spec and the values of the cohort's columns.</summary>
internal static class ShuffleDigest
{
    /// <summary>
    /// Of the files their content, and, where shuffles depend on it, the order of the cohort's file; null: there is neither.
    /// </summary>
    /// <param name="spec">The spec.</param>
    /// <param name="cohort">The cohort, in the data file's order.</param>
    /// <exception cref="Shared.Failures.BadInputException">A file cannot be opened.</exception>
    public static string? Compute(RunSpec spec, CohortTable cohort)
    {
        if (spec.Model.Permutation is not { } permutation || !ShuffleLists.UsesFileOrder(permutation))
            return null;
        var hash = new XxHash128();
        AddNumber(hash, permutation.File is null ? 0 : 1);
        AddNumber(hash, cohort.RowsOfFile);
        for (var row = 0; row < cohort.Rows; row++)
            AddNumber(hash, cohort.RowInFile(row));
        foreach (var file in Files(spec))
            FileContent.AddTo(hash, file, "a file of shuffles or blocks");
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    /// <summary>The files of a run's shuffles and blocks; none without them.</summary>
    public static IEnumerable<string> Files(RunSpec spec) =>
        spec.Model.Permutation is { } permutation ? ShuffleLists.Files(permutation) : [];

    private static void AddNumber(XxHash128 hash, int number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        hash.Append(bytes);
    }
}
