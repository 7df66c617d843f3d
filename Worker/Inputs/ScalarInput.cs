using HpcFit.Shared.Failures;
using HpcFit.Shared.ModelArray;
using HpcFit.Shared.Stripes;

namespace HpcFit.Worker.Inputs;

/// <summary>One scalar of a model, which many threads can read.</summary>
/// <param name="Source">The scalar's values.</param>
/// <param name="SubjectRows">For each subject of the model, its row in this scalar.</param>
internal sealed record ScalarInput(StripeSource Source, int[] SubjectRows)
{
    /// <summary>Opens a scalar for reading in the response's stripes.</summary>
    /// <param name="file">The file.</param>
    /// <param name="scalar">The scalar.</param>
    /// <param name="response">The response, whose elements, stripes and subjects are the model's.</param>
    /// <param name="sources">For each subject of the model, its source in this scalar's file.</param>
    /// <param name="plan">The response's stripes.</param>
    /// <param name="stripeMemory">Inflated bytes one stripe may take.</param>
    /// <param name="pool">Opens the scalar, and disposes of it.</param>
    /// <exception cref="BadInputException">Elements or sources differ from the response's.</exception>
    public static ScalarInput Open(
        ModelArrayFile file,
        ScalarMatrix scalar,
        ScalarMatrix response,
        IReadOnlyList<string> sources,
        StripePlan plan,
        long stripeMemory,
        ScalarPool pool
    )
    {
        if (scalar.Elements != response.Elements)
        {
            throw new BadInputException(
                $"'{scalar.Name}' has {scalar.Elements} elements and '{response.Name}' has {response.Elements} in '{file.Path}' or "
                    + "another file of the model: "
                    + "scalars of one model must be on the same elements."
            );
        }
        var rows = scalar
            .SourceNames.Select((name, row) => (name, row))
            .ToDictionary(pair => pair.name, pair => pair.row, StringComparer.Ordinal);
        var absent = sources.Where(name => !rows.ContainsKey(name)).ToList();
        if (absent.Count > 0)
        {
            throw new BadInputException(
                $"The scalar '{scalar.Name}' of '{file.Path}' does not have {absent.Count} of the {sources.Count} sources that the model "
                    + $"needs, such as '{absent[0]}': scalars of one model must have the same subjects, with the same names."
            );
        }
        return new(pool.Open(file, scalar, plan, stripeMemory), [.. sources.Select(name => rows[name])]);
    }
}
