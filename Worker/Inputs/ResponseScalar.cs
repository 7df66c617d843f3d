using HpcFit.Shared.Failures;
using HpcFit.Shared.ModelArray;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Formulas;

namespace HpcFit.Worker.Inputs;

/// <summary>Finds the scalar of a model's response.</summary>
internal static class ResponseScalar
{
    /// <summary>
    /// The scalar named by the spec, or the first scalar of the file on the formula's left side; of a custom model the first attached one.
    /// </summary>
    /// <exception cref="BadInputException">There is none; the nearest names are listed.</exception>
    public static ScalarMatrix Find(ModelSpec model, ScalarCatalogue scalars)
    {
        if (model.Scalar is { } named)
            return scalars.Scalar(named);
        if (model.Custom is { } custom)
            return scalars.Scalar(custom.Scalars is [var first, ..] ? first : FirstToRead(custom, scalars));
        if (model.Formula.Length == 0)
            throw new BadInputException("The model names no scalar. Name the response: --scalar NAME.");
        var left = Formula.Parse(model.Formula).ResponseVariables;
        return left.FirstOrDefault(scalars.Has) is { } known
            ? scalars.Scalar(known)
            : throw new BadInputException(
                $"The left side of '{model.Formula}' names no scalar of {scalars.Paths} ({string.Join(", ", left)}). "
                    + $"{NearestNames.Hint(left[0], scalars.Names)}"
            );
    }

    /// <summary>The scalar that the run writes is not its response, unless the user names it.</summary>
    private static string FirstToRead(CustomSpec custom, ScalarCatalogue scalars) =>
        scalars.Names.FirstOrDefault(name => name != custom.WriteScalar)
        ?? throw new BadInputException(
            $"{scalars.Paths} holds a scalar '{custom.WriteScalar}' already, and no other that the function could read. Choose "
                + "another --write-scalar, or "
                + $"compute it from its own values: --scalar {custom.WriteScalar} --overwrite."
        );
}
