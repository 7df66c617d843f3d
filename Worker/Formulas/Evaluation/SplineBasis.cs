namespace HpcFit.Worker.Formulas.Evaluation;

/// <summary>B-splines and natural cubic splines on a clamped knot sequence: the columns of R's splines::bs and splines::ns.</summary>
/// <remarks>
/// de Boor (1978), A Practical Guide to Splines, chapter X: the stable recurrence for the B-splines that do not vanish on an interval, and
/// differences of lower-order ones for derivatives. Beyond the boundary knots the outermost polynomials (bs) or straight lines (ns)
/// continue.
/// </remarks>
internal sealed class SplineBasis
{
    private readonly int _order;
    private readonly double[] _knots;

    private SplineBasis(int degree, double[] inner, double low, double high)
    {
        _order = degree + 1;
        _knots = [.. Enumerable.Repeat(low, _order), .. inner.Order(), .. Enumerable.Repeat(high, _order)];
    }

    private int Count => _knots.Length - _order;

    private double Low => _knots[0];

    private double High => _knots[^1];

    /// <summary>The columns of <c>bs</c>; NaN rows stay NaN.</summary>
    public static double[][] BSplines(double[] x, int degree, double[] inner, double low, double high, bool intercept)
    {
        var basis = new SplineBasis(degree, inner, low, high);
        var columns = NewColumns(basis.Count, x.Length);
        var row = new double[basis.Count];
        for (var i = 0; i < x.Length; i++)
        {
            basis.Evaluate(x[i], basis._order, row);
            for (var column = 0; column < row.Length; column++)
                columns[column][i] = row[column];
        }
        return intercept ? columns : columns[1..];
    }

    /// <summary>The columns of <c>ns</c>: cubic splines whose second derivative is zero at both boundary knots.</summary>
    public static double[][] NaturalSplines(double[] x, double[] inner, double low, double high, bool intercept)
    {
        var basis = new SplineBasis(3, inner, low, high);
        var first = intercept ? 0 : 1;
        var constraints = new[] { low, high }.Select(at => basis.Derivative(at, 2)[first..]).ToArray();
        var reflections = Reflections(constraints);
        var columns = NewColumns(basis.Count - first - 2, x.Length);
        for (var i = 0; i < x.Length; i++)
        {
            var row = basis.Row(x[i])[first..];
            foreach (var v in reflections)
                Reflect(v, row);
            for (var column = 0; column < columns.Length; column++)
                columns[column][i] = row[column + 2];
        }
        return columns;
    }

    private static double[][] NewColumns(int count, int rows) => [.. Enumerable.Range(0, count).Select(_ => new double[rows])];

    /// <summary>All B-splines at x; beyond the boundary the line with the boundary's value and slope.</summary>
    private double[] Row(double x)
    {
        var row = new double[Count];
        var inside = Math.Clamp(x, Low, High);
        Evaluate(inside, _order, row);
        if (inside == x || double.IsNaN(x))
            return row;
        var slope = Derivative(inside, 1);
        for (var i = 0; i < row.Length; i++)
            row[i] += (x - inside) * slope[i];
        return row;
    }

    /// <summary>The B-splines of an order at x, into <paramref name="values"/> (as many as the knots allow); NaN if x is NaN.</summary>
    private void Evaluate(double x, int order, double[] values)
    {
        Array.Clear(values);
        if (double.IsNaN(x))
        {
            Array.Fill(values, double.NaN);
            return;
        }
        var span = Span(x);
        Span<double> local = stackalloc double[order];
        local[0] = 1;
        for (var k = 1; k < order; k++)
        {
            var saved = 0.0;
            for (var j = 0; j < k; j++)
            {
                var (right, left) = (_knots[span + j + 1], _knots[span + 1 - k + j]);
                var part = local[j] / (right - left);
                local[j] = saved + (right - x) * part;
                saved = (x - left) * part;
            }
            local[k] = saved;
        }
        for (var j = 0; j < order; j++)
            values[span - order + 1 + j] = local[j];
    }

    /// <summary>
    /// The index of the knot interval of positive length that contains x; the outermost interval beyond the boundary.
    /// </summary>
    private int Span(double x)
    {
        var span = _order - 1;
        for (var i = _order; i < _knots.Length - _order; i++)
        {
            if (_knots[i] <= x && _knots[i] < High)
                span = i;
        }
        return span;
    }

    private double[] Derivative(double x, int times)
    {
        var order = _order - times;
        var values = new double[_knots.Length - order];
        Evaluate(x, order, values);
        for (var k = order; k < _order; k++)
        {
            var higher = new double[_knots.Length - k - 1];
            for (var i = 0; i < higher.Length; i++)
                higher[i] = k * (Ratio(values[i], _knots[i + k] - _knots[i]) - Ratio(values[i + 1], _knots[i + k + 1] - _knots[i + 1]));
            values = higher;
        }
        return values;
    }

    private static double Ratio(double value, double width) => width > 0 ? value / width : 0;

    /// <summary>
    /// The Householder vectors (Businger and Golub 1965) that reduce the transposed constraint matrix to a triangle; the remaining rows
    /// span its null space, with the rotation and signs of ns's columns.
    /// </summary>
    private static List<double[]> Reflections(double[][] constraints)
    {
        var vectors = new List<double[]>();
        for (var k = 0; k < constraints.Length; k++)
        {
            var v = (double[])constraints[k].Clone();
            Array.Clear(v, 0, k);
            var norm = Math.Sqrt(Statistics.Dot(v, v));
            v[k] += v[k] < 0 ? -norm : norm;
            vectors.Add(v);
            for (var rest = k + 1; rest < constraints.Length; rest++)
                Reflect(v, constraints[rest]);
        }
        return vectors;
    }

    private static void Reflect(double[] v, double[] row) => Statistics.Subtract(row, 2 * Statistics.Dot(v, row) / Statistics.Dot(v, v), v);
}
