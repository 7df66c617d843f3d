using HpcFit.Worker.Algebra;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Hypotheses;
using HpcFit.Worker.Mixed.FixedEffects;

namespace HpcFit.Worker.Mixed.Structured.Tables;

/// <summary>
/// What the observed rows of an element determine before its response is known: an orthonormal basis Q of the fixed effects, the dense
/// block E = [Z, Q] with the random effects that are not absorbed, and its coordinates in the absorbed groups. A reused workspace of one
/// thread.
/// </summary>
/// <remarks>
/// Rows are scaled by the square roots of their weights and sorted by absorbed group. In group i the absorbed effects are Z = O R, O
/// orthonormal, so that their covariance V = I + O (R Λ Λ' R') O' gives E'V⁻¹E = E'(I - O O')E + Σ U'C⁻¹U with U = O'E and C = I + R Λ Λ'
/// R': a sum of positive terms, without the cancellation of E'E less a product. Groups of equal R are a class, and share C.
/// </remarks>
internal sealed class StructuredDesign : IMixedTables
{
    private readonly RandomStructure _structure;
    private readonly PivotedQr _qr;
    private readonly PivotedQr? _unweighted;
    private readonly double[] _x;
    private readonly double[] _row;
    private readonly int[] _first;
    private readonly ObservedLevels _levels;
    private readonly Confounding _confounding;
    private readonly ModelDesign _model;

    /// <summary>Bytes of the tables of a model, about.</summary>
    public static long Bytes(int subjects, int columns, RandomStructure structure)
    {
        long size = structure.DenseColumns + columns;
        var coordinates = structure.Factors[structure.Absorbed].Levels * (long)structure.AbsorbedEffects * size;
        // Fits of tiles, eight values for every one of an element.
        var parameters = structure.Parameters.Count;
        var lanes = 8L * (subjects + (coordinates / size) + (size * size * (1 + parameters) * (2 + parameters) / 2));
        return sizeof(double)
            * (
                (6L * subjects * (columns + structure.AbsorbedEffects))
                + (3 * coordinates)
                + (size * size * (2 * structure.StartPoints + 1L))
                + lanes
            );
    }

    /// <summary>A workspace.</summary>
    /// <param name="model">The model.</param>
    /// <param name="subjects">The number of subjects in the cohort.</param>
    /// <param name="structure">The random terms.</param>
    /// <param name="hypotheses">Contrasts and F tests.</param>
    public StructuredDesign(ModelDesign model, int subjects, RandomStructure structure, IReadOnlyList<Hypothesis> hypotheses)
    {
        var columns = model.ColumnNames.Count;
        (_model, _structure) = (model, structure);
        _qr = new(subjects, columns);
        var (levels, effects) = (structure.Factors[structure.Absorbed].Levels, structure.AbsorbedEffects);
        var size = structure.DenseColumns + columns;
        (_x, Basis) = (new double[subjects * columns], new double[subjects * columns]);
        (_row, _first) = (new double[size], new int[levels + 1]);
        (_levels, _confounding) = (new(structure), new(structure, columns));
        (Subject, Place) = (new int[subjects], new int[subjects]);
        (Root, Offset) = (new double[subjects], new double[subjects]);
        Groups = new(levels, effects);
        Orthonormal = new double[subjects * effects];
        DenseEffects = [.. structure.Terms.Select(term => new double[term.IsAbsorbed ? 0 : subjects * term.Effects])];
        DenseColumn = [.. structure.Terms.Select(term => new int[term.IsAbsorbed ? 0 : subjects])];
        Coordinates = new double[levels * effects * size];
        Within = new double[size * size];
        Moments = [.. structure.Terms.Select(term => new double[term.Effects * term.Effects])];
        Combinations = new(columns, hypotheses);
        _unweighted = Combinations.NeedUnweighted ? new(subjects, columns) : null;
        Covariance = new double[columns * columns];
        Grid = new(structure);
    }

    /// <summary>The model matrix; null: not built.</summary>
    public DesignMatrix? Design { get; set; }

    /// <summary>Whether the tables are those of <see cref="Design"/> and may be used again.</summary>
    public bool IsFactored { get; set; }

    /// <summary>The number of rows.</summary>
    public int Rows { get; private set; }

    /// <summary>The number of columns of the model matrix that are not aliased.</summary>
    public int Rank => _qr.Rank;

    /// <summary>The number of columns of E: dense random effects, then <see cref="Rank"/> of Q.</summary>
    public int Size => _structure.DenseColumns + Rank;

    /// <summary>Q, rows × rank, row-major.</summary>
    public double[] Basis { get; }

    /// <summary>The subject of each row.</summary>
    public int[] Subject { get; }

    /// <summary>The place of each row in <see cref="Design"/>.</summary>
    public int[] Place { get; }

    /// <summary>The square root of each row's weight.</summary>
    public double[] Root { get; }

    /// <summary>The offset of each row, not scaled.</summary>
    public double[] Offset { get; }

    /// <summary>The absorbed groups and their classes.</summary>
    public AbsorbedGroups Groups { get; }

    /// <summary>O of each row, rows × absorbed effects; 0 where an effect depends on those before it.</summary>
    public double[] Orthonormal { get; }

    /// <summary>Per term that is not absorbed its scaled effects, rows × effects.</summary>
    public double[][] DenseEffects { get; }

    /// <summary>Per term that is not absorbed the first column of E of each row's group.</summary>
    public int[][] DenseColumn { get; }

    /// <summary>U, per group absorbed effects × <see cref="Size"/>.</summary>
    public double[] Coordinates { get; }

    /// <summary>E'(I - O O')E, <see cref="Size"/> × <see cref="Size"/>.</summary>
    public double[] Within { get; }

    /// <summary>Per term the mean over rows of its effects' products, without weights.</summary>
    public double[][] Moments { get; }

    /// <summary>The number of levels of each factor that have rows.</summary>
    public int[] FactorLevels => _levels.Levels;

    /// <summary>Coefficients, contrasts and F tests in coordinates on Q.</summary>
    public Combinations Combinations { get; }

    /// <summary>The covariance matrix of the rows of Q without their weights, from which the variance of fitted values follows.</summary>
    public double[] Covariance { get; }

    /// <summary>ln |R|².</summary>
    public double LogDeterminant { get; private set; }

    /// <summary>Σ ln w.</summary>
    public double LogWeights { get; private set; }

    /// <inheritdoc/>
    public bool LacksGroups { get; private set; }

    /// <summary>The first term whose effects are all explained by fixed effects; -1: none.</summary>
    public int Confounded { get; private set; }

    /// <summary>Two factors with the same groups and a common effect, as families of one observed child each; null: none.</summary>
    public (int First, int Second)? EqualFactors => _levels.EqualFactors;

    /// <summary>What stands for the groups in sums of products of their coordinates; null until it is needed.</summary>
    public GroupRoots? Roots { get; set; }

    /// <summary>Starting points of the search.</summary>
    public StartGrid Grid { get; }

    /// <inheritdoc/>
    public void Factor(DesignMatrix design, ReadOnlySpan<int> finite, ReadOnlySpan<int> places)
    {
        Rows = places.Length;
        SortByGroup(design, places);
        for (var c = 0; c < design.Columns; c++)
        {
            var column = design.Values.AsSpan(c * design.Rows.Length, design.Rows.Length);
            for (var i = 0; i < Rows; i++)
                _x[(c * Rows) + i] = column[Place[i]] * Root[i];
        }
        _qr.Factor(_x.AsSpan(0, Rows * design.Columns), Rows, design.Columns);
        _qr.CopyBasis(Basis);
        FillEffects(finite);
        Groups.Orthogonalise(Orthonormal);
        SumCoordinates();
        SumWithin();
        Confounded = _confounding.Find(this);
        Groups.FindClasses(Coordinates, Size);
        Combinations.Compute(
            _qr,
            _unweighted is null || design.Weights is null ? _qr : UnweightedRows.Factor(_unweighted, design, Place.AsSpan(0, Rows), _x)
        );
        SumLogDeterminant();
        BasisCovariance.Compute(this, _row, _x, Covariance);
        _levels.Count(Subject.AsSpan(0, Rows));
        LacksGroups = Confounded >= 0 || _levels.AreTooFew(Rows) || EqualFactors is not null;
        Grid.IsComputed = false;
        Roots = null;
    }

    /// <summary>Adds a row of E, scaled, to <paramref name="target"/>.</summary>
    public void AddRow(int row, double factor, Span<double> target)
    {
        for (var t = 0; t < DenseColumn.Length; t++)
        {
            if (DenseColumn[t].Length == 0)
                continue;
            var effects = _structure.Terms[t].Effects;
            for (var e = 0; e < effects; e++)
                target[DenseColumn[t][row] + e] += factor * DenseEffects[t][(row * effects) + e];
        }
        FixedOrder.Add(factor, Basis.AsSpan(row * Rank, Rank), target.Slice(_structure.DenseColumns, Rank));
    }

    /// <summary>Counting sort of the rows by absorbed group: stable, so that rows of a group keep their order.</summary>
    private void SortByGroup(DesignMatrix design, ReadOnlySpan<int> places)
    {
        var codes = _structure.Factors[_structure.Absorbed].Codes;
        Array.Clear(_first);
        foreach (var place in places)
            _first[codes[design.Rows[place]] + 1]++;
        Groups.Clear();
        for (var level = 0; level < _first.Length - 1; level++)
        {
            var rows = _first[level + 1];
            _first[level + 1] += _first[level];
            if (rows > 0)
                Groups.Add(_first[level + 1]);
        }
        LogWeights = 0;
        foreach (var place in places)
        {
            var row = _first[codes[design.Rows[place]]]++;
            (Place[row], Subject[row]) = (place, design.Rows[place]);
            Root[row] = design.Weights is null ? 1 : Math.Sqrt(design.Weights[place]);
            Offset[row] = design.Offset?[place] ?? 0;
            if (design.Weights is not null)
                LogWeights += ReproducibleMath.Log(design.Weights[place]);
        }
    }

    private void FillEffects(ReadOnlySpan<int> finite)
    {
        for (var t = 0; t < _structure.Terms.Count; t++)
        {
            var term = _structure.Terms[t];
            var stride = term.IsAbsorbed ? _structure.AbsorbedEffects : term.Effects;
            var target = term.IsAbsorbed ? Orthonormal.AsSpan(term.Start) : DenseEffects[t];
            term.Covariates.Fill(_model, finite, Subject.AsSpan(0, Rows), target, stride);
            var moments = Moments[t];
            Array.Clear(moments);
            for (var row = 0; row < Rows; row++)
            {
                var effects = target.Slice(row * stride, term.Effects);
                for (var a = 0; a < effects.Length; a++)
                for (var b = 0; b < effects.Length; b++)
                    moments[(a * effects.Length) + b] += effects[a] * effects[b] / Rows;
                for (var a = 0; a < effects.Length; a++)
                    effects[a] *= Root[row];
            }
            for (var row = 0; row < Rows && !term.IsAbsorbed; row++)
                DenseColumn[t][row] = term.Start + (_structure.Factors[term.Factor].Codes[Subject[row]] * term.Effects);
        }
    }

    private void SumCoordinates()
    {
        var (effects, size) = (_structure.AbsorbedEffects, Size);
        Array.Clear(Coordinates);
        var row = 0;
        for (var group = 0; group < Groups.Count; group++)
        for (; row < Groups.End[group]; row++)
        for (var a = 0; a < effects; a++)
            AddRow(row, Orthonormal[(row * effects) + a], Coordinates.AsSpan(((group * effects) + a) * size, size));
    }

    private void SumWithin()
    {
        var (effects, size) = (_structure.AbsorbedEffects, Size);
        Within.AsSpan(0, size * size).Clear();
        var deviations = _row.AsSpan(0, size);
        var row = 0;
        for (var group = 0; group < Groups.Count; group++)
        for (; row < Groups.End[group]; row++)
        {
            deviations.Clear();
            AddRow(row, 1, deviations);
            for (var a = 0; a < effects; a++)
                FixedOrder.Add(-Orthonormal[(row * effects) + a], Coordinates.AsSpan(((group * effects) + a) * size, size), deviations);
            for (var c = 0; c < size; c++)
                FixedOrder.Add(deviations[c], deviations, Within.AsSpan(c * size, size));
        }
    }

    private void SumLogDeterminant()
    {
        LogDeterminant = 0;
        for (var c = 0; c < Rank; c++)
            LogDeterminant += 2 * ReproducibleMath.Log(Math.Abs(_qr.R(c, c)));
    }
}
