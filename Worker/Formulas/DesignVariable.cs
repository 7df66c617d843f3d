namespace HpcFit.Worker.Formulas;

/// <summary>One variable of the model frame and how it is coded.</summary>
internal sealed record DesignVariable
{
    public required Expression Expression { get; init; }

    /// <summary>The levels that the complete rows have, or null for a numeric variable.</summary>
    public IReadOnlyList<string>? Levels { get; init; }

    /// <summary>A numeric variable's width.</summary>
    public int Columns { get; init; } = 1;

    /// <summary>A numeric matrix's column names (1, 2, …), or one empty name for a vector.</summary>
    public IReadOnlyList<string> ColumnNames { get; init; } = [""];

    /// <summary>The contrast of a factor.</summary>
    public Contrast Contrast { get; init; } = new(ContrastKind.Treatment);

    /// <summary>Names scalars of the file.</summary>
    public bool UsesScalars { get; init; }

    /// <summary>Its values on a row depend on the other rows.</summary>
    public bool DependsOnRows { get; init; }

    /// <summary>The scalar predictor that it is and nothing else, or -1.</summary>
    public int PlainScalar { get; init; } = -1;

    /// <summary>Evaluated anew at an element.</summary>
    public bool IsDynamic => UsesScalars || DependsOnRows;

    /// <summary>On all subjects, when not <see cref="IsDynamic"/>.</summary>
    public CodedVariable? OnAllRows { get; private init; }

    /// <summary>The coding of its levels: one column a contrast or a level, each with a value per level.</summary>
    public (double[][] Columns, string[] Names) Coding(bool allLevels) => allLevels ? Contrast.Indicators(Levels!) : Contrast.Code(Levels!);

    /// <summary>The variable with its values on all subjects.</summary>
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
            [.. texts.Select(item => item is not null && codeOfLevel.TryGetValue(item, out var code) ? code : -1)]
        );
    }
}
