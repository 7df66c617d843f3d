using HpcFit.Worker.Formulas.Evaluation;
using HpcFit.Worker.Formulas.Syntax;

namespace HpcFit.Worker.Formulas;

/// <summary>One variable of the model frame and how it is coded.</summary>
internal sealed record DesignVariable
{
    public required Expression Expression { get; init; }

    /// <summary>The levels present in the complete rows, or null for a numeric variable.</summary>
    public IReadOnlyList<string>? Levels { get; init; }

    /// <summary>Whether an element may lack some of its levels: a random effect's level without rows has no influence.</summary>
    public bool MayLackLevels { get; init; }

    /// <summary>The number of columns of a numeric variable.</summary>
    public int Columns { get; init; } = 1;

    /// <summary>A numeric matrix's column names (1, 2, …), or one empty name for a vector.</summary>
    public IReadOnlyList<string> ColumnNames { get; init; } = [""];

    /// <summary>The contrast of a factor.</summary>
    public Contrast Contrast { get; init; } = new(ContrastKind.Treatment);

    /// <summary>Whether its expression uses scalars of the file.</summary>
    public bool UsesScalars { get; init; }

    /// <summary>Whether its value in a row depends on the other rows.</summary>
    public bool DependsOnRows { get; init; }

    /// <summary>Whether it is a placeholder for a variable whose terms were all removed from the formula.</summary>
    public bool IsUnused { get; init; }

    /// <summary>The index of the scalar predictor, if the expression is just that, otherwise -1.</summary>
    public int PlainScalar { get; init; } = -1;

    /// <summary>Whether it is evaluated at every element.</summary>
    public bool IsDynamic => UsesScalars || DependsOnRows;

    /// <summary>Its values at all subjects, if not <see cref="IsDynamic"/>.</summary>
    public CodedVariable? OnAllRows { get; private init; }

    /// <summary>The coding of its levels: one column per contrast or per level, with one value per level.</summary>
    public (double[][] Columns, string[] Names) Coding(bool allLevels) => allLevels ? Contrast.Indicators(Levels!) : Contrast.Code(Levels!);

    /// <summary>The variable with its values at all subjects.</summary>
    public DesignVariable WithValue(Value value) => this with { OnAllRows = Code(value) };

    /// <summary>The value in this variable's coding.</summary>
    public CodedVariable Code(Value value)
    {
        if (Levels is null)
            return new(value.Rows, ((NumericValue)value).Data, null);
        var texts = Factors.Texts(value);
        var codeOfLevel = Levels
            .Select((level, code) => (level, code))
            .ToDictionary(pair => pair.level, pair => pair.code, StringComparer.Ordinal);
        return new(
            value.Rows,
            null,
            [.. texts.Select(item => item is null ? -1 : codeOfLevel.GetValueOrDefault(item, CodedVariable.OtherLevel))]
        );
    }
}
