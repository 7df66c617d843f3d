using HpcFit.Shared.Failures;
using HpcFit.Worker.Formulas.Syntax;

namespace HpcFit.Worker.Gam.Terms;

/// <summary>
/// What <c>xt=</c> of a smooth specifies: the basis of its curves (<c>xt="cr"</c>, <c>xt=list(bs="cr")</c>), or the number of points from
/// which a basis of radial functions is built (<c>xt=list(max.knots=500)</c>).
/// </summary>
/// <param name="Within">The basis of the curves of fs and sz, and of ad; null: the default.</param>
/// <param name="MaxKnots">The largest number of points; null: all.</param>
internal sealed record SmoothExtras(string? Within, int? MaxKnots)
{
    private static readonly string[] OfCurves = ["tp", "ts", "cr", "cs", "cc", "ps", "cp", "bs", "gp"];
    private static readonly string[] OfAdaptive = ["ps", "cr"];

    /// <summary>Reads the argument.</summary>
    /// <param name="basis">The basis that <c>bs=</c> names.</param>
    /// <param name="options">The smooth's arguments.</param>
    /// <exception cref="FormulaException">It has elements that the basis does not use, or unknown values.</exception>
    public static SmoothExtras Read(string basis, SmoothOptions options) =>
        options.Find("xt") is { } given ? Read(basis, given, options) : new(null, null);

    /// <summary>Reads the argument of a tensor product: one for all margins, or a list of one for each.</summary>
    /// <param name="bases">The bases of the margins.</param>
    /// <param name="options">The smooth's arguments.</param>
    /// <exception cref="FormulaException">It has elements that no margin uses, or not one for each margin.</exception>
    public static IReadOnlyList<SmoothExtras> ReadMargins(IReadOnlyList<string> bases, SmoothOptions options)
    {
        var none = new SmoothExtras(null, null);
        if (options.Find("xt") is not { } given)
            return [.. bases.Select(_ => none)];
        if (given is CallExpression { IsOperator: false, Function: "list" } list && list.Arguments.All(item => item.Name is null))
            return
            [
                .. options
                    .PerMargin("xt", list.Arguments, bases.Count)
                    .Zip(bases, (item, basis) => item.Value is NameExpression { Name: "NULL" } ? none : Read(basis, item.Value, options)),
            ];
        // One object for all margins is used by those that can.
        var users = bases.Where(basis => basis is "tp" or "ts" or "gp").DefaultIfEmpty(bases[0]);
        var shared = Read(users.First(), given, options);
        return [.. bases.Select(basis => basis is "tp" or "ts" or "gp" ? shared : none)];
    }

    private static SmoothExtras Read(string basis, Expression given, SmoothOptions options)
    {
        var extras = new SmoothExtras(null, null);
        if (given is not CallExpression { IsOperator: false, Function: "list" } list)
            return extras with { Within = Basis(basis, given, options) };
        foreach (var item in list.Arguments)
            extras = item.Name switch
            {
                "bs" => extras with { Within = Basis(basis, item.Value, options) },
                "max.knots" when basis is "tp" or "ts" or "gp" => extras with { MaxKnots = Whole(item.Value, options) },
                "seed" when basis is "tp" or "ts" or "gp" => extras,
                _ => throw Unused(item.Name ?? item.Value.ToString(), basis, item.Value, options),
            };
        return extras;
    }

    private static string Basis(string basis, Expression given, SmoothOptions options)
    {
        string[] known = basis switch
        {
            "fs" or "sz" => OfCurves,
            "ad" => OfAdaptive,
            _ => throw Unused(given.ToString(), basis, given, options),
        };
        var name = options.Text("xt", given);
        return known.Contains(name, StringComparer.Ordinal)
            ? name
            : throw options.Wrong($"bs=\"{basis}\" cannot use the basis \"{name}\" in xt. {NearestNames.Hint(name, known)}", given);
    }

    private static int Whole(Expression given, SmoothOptions options) =>
        options.Numbers("max.knots of xt", given) is [> 0 and var count] && count == Math.Floor(count) && count <= int.MaxValue
            ? (int)count
            : throw options.Wrong("max.knots of xt must be one positive whole number.", given);

    private static FormulaException Unused(string element, string basis, Expression given, SmoothOptions options) =>
        options.Wrong(
            $"bs=\"{basis}\" does not use {element} of xt. xt takes bs for \"fs\", \"sz\" and \"ad\" (xt=list(bs=\"cr\")), and "
                + "max.knots for \"tp\", \"ts\" and \"gp\".",
            given
        );
}
