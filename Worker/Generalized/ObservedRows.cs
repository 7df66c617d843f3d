using HpcFit.Worker.Algebra;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Rows;

namespace HpcFit.Worker.Generalized;

/// <summary>
/// What the observed rows of an element determine before its response is known: a basis B of the columns of the model matrix X that are not
/// aliased, X = B T, and the directions that aliased columns add. With √w X = Q R, B = Q / √w, so that B'wB is the identity; in the
/// reference, B is X itself. A reused workspace of one thread.
/// </summary>
internal sealed class ObservedRows : IRowTables
{
    /// <summary>The tolerance below which R's glm.fit drops a column: a thousandth of its default <c>epsilon</c>.</summary>
    public const double Tolerance = 1e-11;

    private readonly PivotedQr _qr;
    private readonly bool _isReference;
    private readonly double[] _x;
    private readonly double[] _rowMajor;
    private readonly double[] _combination;

    /// <summary>A workspace.</summary>
    /// <param name="subjects">The number of subjects in the cohort.</param>
    /// <param name="columns">The number of columns of the model matrix.</param>
    /// <param name="isReference">Whether the basis is the model matrix itself.</param>
    public ObservedRows(int subjects, int columns, bool isReference)
    {
        _isReference = isReference;
        _qr = new(subjects, columns, Tolerance);
        (_x, _rowMajor) = (new double[subjects * columns], new double[subjects * columns]);
        _combination = new double[columns];
        (Basis, Inverse) = (new double[subjects * columns], new double[columns * columns]);
        (Subject, Weight, Offset) = (new int[subjects], new double[subjects], new double[subjects]);
        Null = new double[columns * columns];
    }

    /// <summary>The model matrix; null: not built.</summary>
    public DesignMatrix? Design { get; set; }

    /// <summary>Whether the tables are those of <see cref="Design"/> and may be used again.</summary>
    public bool IsFactored { get; set; }

    /// <summary>The number of rows with a positive weight.</summary>
    public int Rows { get; private set; }

    /// <summary>The number of columns that are not aliased.</summary>
    public int Rank { get; private set; }

    /// <summary>The column of the model matrix of each of <see cref="Rank"/> coefficients, then the aliased ones.</summary>
    public ReadOnlySpan<int> Pivots => _qr.Pivots;

    /// <summary>B, column-major.</summary>
    public double[] Basis { get; }

    /// <summary>T⁻¹, rank × rank, row-major: coefficients are T⁻¹ times the coordinates on B.</summary>
    public double[] Inverse { get; }

    /// <summary>
    /// For each aliased column the combination of columns that is 0: one value per column of the model matrix. A contrast can be estimated
    /// if it is orthogonal to all of them.
    /// </summary>
    public double[] Null { get; }

    /// <summary>The subject of each row.</summary>
    public int[] Subject { get; }

    /// <summary>The prior weight of each row; 1 without weights.</summary>
    public double[] Weight { get; }

    /// <summary>The offset of each row.</summary>
    public double[] Offset { get; }

    /// <summary>Whether there is an offset.</summary>
    public bool HasOffset { get; private set; }

    /// <summary>A column of B.</summary>
    public ReadOnlySpan<double> Column(int column) => Basis.AsSpan(column * Rows, Rows);

    /// <inheritdoc/>
    public void Factor(DesignMatrix design, ReadOnlySpan<int> finite, ReadOnlySpan<int> places)
    {
        Rows = places.Length;
        HasOffset = design.Offset is not null;
        for (var row = 0; row < Rows; row++)
        {
            Subject[row] = design.Rows[places[row]];
            Weight[row] = design.Weights?[places[row]] ?? 1;
            Offset[row] = design.Offset?[places[row]] ?? 0;
        }
        FillColumns(design, places);
        _qr.Factor(_x.AsSpan(0, Rows * design.Columns), Rows, design.Columns);
        Rank = _qr.Rank;
        if (_isReference)
            KeepColumns(design, places);
        else
            Orthogonalise();
        FindNull(design.Columns);
    }

    /// <summary>Makes the tables those of the intercept alone, on the same rows.</summary>
    public void FactorIntercept(ObservedRows rows)
    {
        (Rows, Rank, HasOffset) = (rows.Rows, 1, rows.HasOffset);
        rows.Weight.AsSpan(0, Rows).CopyTo(Weight);
        rows.Offset.AsSpan(0, Rows).CopyTo(Offset);
        Basis.AsSpan(0, Rows).Fill(1);
        Inverse[0] = 1;
    }

    /// <summary>Makes the rows those of other tables at which a response is finite; there is no basis.</summary>
    /// <param name="rows">The other tables.</param>
    /// <param name="responses">One response per row of these; receives the finite ones, in their order.</param>
    public void TakeFinite(ObservedRows rows, Span<double> responses)
    {
        (Rows, HasOffset) = (0, rows.HasOffset);
        for (var row = 0; row < rows.Rows; row++)
        {
            if (!double.IsFinite(responses[row]))
                continue;
            (Subject[Rows], Weight[Rows], Offset[Rows]) = (rows.Subject[row], rows.Weight[row], rows.Offset[row]);
            responses[Rows++] = responses[row];
        }
    }

    private void FillColumns(DesignMatrix design, ReadOnlySpan<int> places)
    {
        for (var c = 0; c < design.Columns; c++)
        {
            var column = design.Values.AsSpan(c * design.Rows.Length, design.Rows.Length);
            for (var row = 0; row < Rows; row++)
                _x[(c * Rows) + row] = column[places[row]] * Math.Sqrt(Weight[row]);
        }
    }

    private void KeepColumns(DesignMatrix design, ReadOnlySpan<int> places)
    {
        Array.Clear(Inverse);
        for (var c = 0; c < Rank; c++)
        {
            var column = design.Values.AsSpan(Pivots[c] * design.Rows.Length, design.Rows.Length);
            for (var row = 0; row < Rows; row++)
                Basis[(c * Rows) + row] = column[places[row]];
            Inverse[(c * Rank) + c] = 1;
        }
    }

    private void Orthogonalise()
    {
        _qr.CopyBasis(_rowMajor);
        for (var row = 0; row < Rows; row++)
        {
            var root = Math.Sqrt(Weight[row]);
            for (var c = 0; c < Rank; c++)
                Basis[(c * Rows) + row] = _rowMajor[(row * Rank) + c] / root;
        }
        Array.Clear(Inverse);
        for (var c = 0; c < Rank; c++)
        for (var i = c; i >= 0; i--)
        {
            var x = i == c ? 1.0 : 0.0;
            for (var k = i + 1; k <= c; k++)
                x -= _qr.R(i, k) * Inverse[(k * Rank) + c];
            Inverse[(i * Rank) + c] = x / _qr.R(i, i);
        }
    }

    private void FindNull(int columns)
    {
        Array.Clear(Null);
        for (var place = Rank; place < columns; place++)
        {
            var combination = Null.AsSpan((place - Rank) * columns, columns);
            var aliased = Pivots[place];
            _qr.Coordinates(aliased, _combination);
            _qr.BackSubstitute(_combination);
            for (var k = 0; k < Rank; k++)
                combination[Pivots[k]] = _combination[k];
            combination[aliased] = -1;
        }
    }
}
