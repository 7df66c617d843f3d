using HpcFit.Shared.Failures;
using HpcFit.Shared.ModelArray;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Formulas;

namespace HpcFit.Worker.Pipeline;

/// <summary>Finds the scalar that a model's response is made of.</summary>
internal static class ResponseScalar
{
    /// <summary>
    /// The scalar named by the spec, or the one scalar of the file that stands on the formula's left side; the first attached one of a
    /// custom model.
    /// </summary>
    /// <exception cref="BadInputException">None or several; the nearest names are listed.</exception>
    public static ScalarMatrix Find(ModelSpec model, ScalarCatalogue scalars)
    {
        if (model.Scalar is { } named)
            return TheOnlyOne(scalars.Scalar(named), model, scalars);
        if (model.Custom is { } custom)
            return scalars.Scalar(custom.Scalars is [var first, ..] ? first : FirstToRead(custom, scalars));
        if (model.Formula.Length == 0)
            throw new BadInputException("The model names no scalar. Say which one is the response: --scalar NAME.");
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
                $"The left side of '{model.Formula}' names {known.Count} scalars of {scalars.Paths}: {string.Join(", ", known)}. Say "
                    + "which one is the response: --scalar NAME."
            ),
        };
    }

    /// <summary>A scalar that the run writes is not taken for one that it reads, unless the user names it.</summary>
    private static string FirstToRead(CustomSpec custom, ScalarCatalogue scalars) =>
        scalars.Names.FirstOrDefault(name => name != custom.WriteScalar)
        ?? throw new BadInputException(
            $"{scalars.Paths} holds a scalar '{custom.WriteScalar}' already, and no other that the function could read. Choose "
                + "another --write-scalar, or "
                + $"compute it from its own values: --scalar {custom.WriteScalar} --overwrite."
        );

    private static ScalarMatrix TheOnlyOne(ScalarMatrix response, ModelSpec model, ScalarCatalogue scalars)
    {
        if (model.Formula.Length == 0)
            return response;
        var other = Formula.Parse(model.Formula).ResponseVariables.FirstOrDefault(name => name != response.Name && scalars.Has(name));
        return other is null
            ? response
            : throw new BadInputException(
                $"The left side of '{model.Formula}' uses '{other}' beside the response '{response.Name}'. It may use one scalar of "
                    + "the file; others can stand on the right side."
            );
    }
}
