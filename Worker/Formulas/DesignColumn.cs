namespace HpcFit.Worker.Formulas;

/// <summary>One column of the model matrix: the product of one coded column of each of its term's variables.</summary>
/// <param name="Name">Its name, as in R's model.matrix.</param>
/// <param name="Term">0 for the intercept, otherwise the term's 1-based number (R's assign).</param>
/// <param name="Parts">The factors of the product, in the order of the term's variables.</param>
internal sealed record DesignColumn(string Name, int Term, IReadOnlyList<DesignColumn.Part> Parts)
{
    /// <summary>One coded column of a variable.</summary>
    /// <param name="Variable">The variable's index.</param>
    /// <param name="Column">The column's index, for a numeric variable.</param>
    /// <param name="ValueOfLevel">For a factor, the value of each level; null for a numeric variable.</param>
    internal sealed record Part(int Variable, int Column, double[]? ValueOfLevel);

    /// <summary>The columns of all terms in R's order, within each term the first variable's columns varying fastest.</summary>
    public static List<DesignColumn> CreateAll(Formula formula, IReadOnlyList<DesignVariable> variables)
    {
        var columns = new List<DesignColumn>();
        if (formula.HasIntercept)
            columns.Add(new("(Intercept)", 0, []));
        var allLevels = MarginRule.AllLevels(
            [.. formula.Terms.Select(term => term.Variables)],
            variable => variables[variable].Levels is not null,
            formula.HasIntercept
        );
        for (var term = 0; term < formula.Terms.Count; term++)
        {
            var products = new List<DesignColumn> { new("", term + 1, []) };
            for (var place = 0; place < formula.Terms[term].Variables.Count; place++)
            {
                var index = formula.Terms[term].Variables[place];
                var pieces = Pieces(variables[index], index, allLevels[term][place]);
                products =
                [
                    .. pieces.SelectMany(piece =>
                        products.Select(product => new DesignColumn(
                            product.Parts.Count == 0 ? piece.Name : product.Name + ":" + piece.Name,
                            term + 1,
                            [.. product.Parts, piece.Part]
                        ))
                    ),
                ];
            }
            columns.AddRange(products);
        }
        return columns;
    }

    private static List<(string Name, Part Part)> Pieces(DesignVariable variable, int index, bool allLevels)
    {
        var text = variable.Expression.ToString();
        if (variable.Levels is null)
            return
            [
                .. Enumerable
                    .Range(0, variable.Columns)
                    .Select(column => (text + variable.ColumnNames[column], new Part(index, column, null))),
            ];
        var (codes, names) = variable.Coding(allLevels);
        return [.. codes.Select((values, column) => (text + names[column], new Part(index, column, values)))];
    }
}
