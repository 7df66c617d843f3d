using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Mixed.Reference;

/// <summary>
/// The minimum of the reference criterion: Newton's method with a Hessian by differences of the gradient, from the best points of a
/// lattice.
/// </summary>
internal static class ReferenceSearch
{
    private const int MaxSteps = 100;
    private const int MaxHalvings = 30;
    private const double Small = 1e-2;
    private const double Step = 1e-3;

    private static readonly double[] Starts = [0.1, 0.4, 1.2, 4];

    /// <summary>The θ of the minimum, at which the profile is evaluated.</summary>
    public static double[] Minimise(ReferenceProfile profile)
    {
        var best = (Theta: (double[])[], Value: double.PositiveInfinity);
        foreach (var start in Lattice(profile).OrderBy(theta => profile.Evaluate(theta)).Take(2).ToList())
        {
            var found = WithZeros(profile, Descend(profile, start, []));
            var value = profile.Evaluate(found);
            if (value < best.Value)
                best = (found, value);
        }
        profile.Evaluate(best.Theta);
        return best.Theta;
    }

    /// <summary>The derivatives of a gradient, by the five-point formula.</summary>
    public static DenseMatrix Jacobian(Func<double[], double[]> gradient, double[] theta)
    {
        var jacobian = new DenseMatrix(theta.Length, theta.Length);
        for (var k = 0; k < theta.Length; k++)
        {
            var (near, far) = (Difference(1), Difference(2));
            for (var l = 0; l < theta.Length; l++)
                jacobian[k, l] = ((8 * near[l]) - far[l]) / (12 * Step);

            double[] Difference(int steps) => [.. At(steps).Zip(At(-steps), (above, below) => above - below)];
            double[] At(int steps)
            {
                var moved = (double[])theta.Clone();
                moved[k] += steps * Step;
                return gradient(moved);
            }
        }
        for (var k = 0; k < theta.Length; k++)
        for (var l = 0; l < k; l++)
            jacobian[k, l] = jacobian[l, k] = (jacobian[k, l] + jacobian[l, k]) / 2;
        return jacobian;
    }

    private static double[] ProfiledGradient(ReferenceProfile profile, double[] theta)
    {
        profile.Evaluate(theta);
        return profile.Gradient(theta, profile.Squares / profile.Degrees);
    }

    private static IEnumerable<double[]> Lattice(ReferenceProfile profile)
    {
        int[] diagonals =
        [
            .. Enumerable.Range(0, profile.Parameters.Count).Where(k => profile.Parameters[k].Row == profile.Parameters[k].Column),
        ];
        var values = diagonals.Length <= 2 ? Starts : Starts[1..3];
        for (var point = 0; point < Math.Pow(values.Length, diagonals.Length); point++)
        {
            var theta = new double[profile.Parameters.Count];
            for (int d = 0, rest = point; d < diagonals.Length; d++, rest /= values.Length)
                theta[diagonals[d]] = values[rest % values.Length];
            yield return theta;
        }
    }

    private static double[] Descend(ReferenceProfile profile, double[] theta, int[] zeros)
    {
        var value = profile.Evaluate(theta);
        for (var step = 0; step < MaxSteps; step++)
        {
            var gradient = ProfiledGradient(profile, theta);
            var hessian = Jacobian(at => ProfiledGradient(profile, at), theta);
            foreach (var zero in zeros)
            {
                gradient[zero] = 0;
                for (var k = 0; k < theta.Length; k++)
                    hessian[zero, k] = hessian[k, zero] = k == zero ? 1 : 0;
            }
            var move = Move(hessian, gradient);
            var length = Math.Min(1, move.Zip(theta, (by, at) => Math.Max(0.5, Math.Abs(at)) / Math.Abs(by)).Min());
            for (var halving = 0; halving < MaxHalvings; halving++, length /= 2)
            {
                double[] trial = [.. theta.Zip(move, (at, by) => at + (length * by))];
                var reached = profile.Evaluate(trial);
                if (reached > value + (1e-12 * Math.Abs(value)))
                    continue;
                (theta, value) = (trial, reached);
                break;
            }
            if (move.All(by => Math.Abs(by) < 1e-11))
                break;
        }
        return theta;
    }

    private static double[] Move(DenseMatrix hessian, double[] gradient)
    {
        var eigen = new SymmetricEigen(hessian);
        var move = new double[gradient.Length];
        for (var i = 0; i < move.Length; i++)
        {
            var along = Enumerable.Range(0, move.Length).Sum(k => eigen.Vectors[k, i] * gradient[k]);
            for (var k = 0; k < move.Length; k++)
                move[k] -= eigen.Vectors[k, i] * along / Math.Max(Math.Abs(eigen.Values[i]), 1e-6);
        }
        return move;
    }

    /// <summary>Sets small columns to exactly 0 where the criterion is not larger there, and makes diagonals positive.</summary>
    private static double[] WithZeros(ReferenceProfile profile, double[] theta)
    {
        foreach (var column in profile.Parameters.Select(one => (one.Term, one.Column)).Distinct())
        {
            int[] entries =
            [
                .. Enumerable.Range(0, theta.Length).Where(k => (profile.Parameters[k].Term, profile.Parameters[k].Column) == column),
            ];
            if (entries.All(k => Math.Abs(theta[k]) < Small))
            {
                var without = (double[])theta.Clone();
                foreach (var k in entries)
                    without[k] = 0;
                without = Descend(profile, without, entries);
                if (profile.Evaluate(without) <= profile.Evaluate(theta) + 1e-9)
                    theta = without;
            }
            else if (theta[entries[0]] < 0)
                foreach (var k in entries)
                    theta[k] = -theta[k];
        }
        return theta;
    }
}
