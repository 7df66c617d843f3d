using HpcFit.Shared.Failures;
using HpcFit.Shared.ModelArray;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Formulas;

namespace HpcFit.Worker.Pipeline;

/// <summary>Finds the scalar of a model's response.</summary>
internal static class ResponseScalar
{
    /// <summary>
    /// The scalar named by the spec, or the one scalar of the file on the formula's left side; of a custom model the first attached one.
    /// </summary>
    /// <exception cref="BadInputException">None or several; the nearest names are listed.</exception>
    public static ScalarMatrix Find(ModelSpec model, ScalarCatalogue scalars)
    {
        if (model.Scalar is { } named)
            return RequireOnlyOne(scalars.Scalar(named), model, scalars);
        if (model.Custom is { } custom)
            return scalars.Scalar(custom.Scalars is [var first, ..] ? first : FirstToRead(custom, scalars));
        if (model.Formula.Length == 0)
            throw new BadInputException("The model names no scalar. Name the response: --scalar NAME.");
        var left = Formula.Parse(model.Formula).ResponseVariables;
        var known = left.Where(scalars.Has).ToList();
        return known.Count switch
        {
            1 => scalars.Scalar(known[0]),
            0 => throw new BadInputException(
                $"The left side of '{model.Formula}' names no scalar of {scalars.Paths} ({string.Join(", ", left)}). "
                    + $"{NearestNames.Hint(left[0], scalars.Names)}"
            ),
            _ => throw new BadInputException(
                $"The left side of '{model.Formula}' names {known.Count} scalars of {scalars.Paths}: {string.Join(", ", known)}. Name "
                    + "the response: --scalar NAME."
            ),
        };
    }

    /// <summary>The scalar that the run writes is not its response, unless the user names it.</summary>
    private static string FirstToRead(CustomSpec custom, ScalarCatalogue scalars) =>
        scalars.Names.FirstOrDefault(name => name != custom.WriteScalar)
        ?? throw new BadInputException(
            $"{scalars.Paths} holds a scalar '{custom.WriteScalar}' already, and no other that the function could read. Choose "
                + "another --write-scalar, or "
                + $"compute it from its own values: --scalar {custom.WriteScalar} --overwrite."
        );

    private static ScalarMatrix RequireOnlyOne(ScalarMatrix response, ModelSpec model, ScalarCatalogue scalars)
    {
        if (model.Formula.Length == 0)
            return response;
        var other = Formula.Parse(model.Formula).ResponseVariables.FirstOrDefault(name => name != response.Name && scalars.Has(name));
        return other is null
            ? response
            : throw new BadInputException(
                $"The left side of '{model.Formula}' uses '{other}' in addition to the response '{response.Name}'. It may use one scalar "
                    + "of the file; others can be used on the right side."
            );
    }
}
