namespace HpcFit.Worker.Gam.Bases;

/// <summary>The distinct combinations of covariate values, from which bases of radial functions are built.</summary>
internal static class UniquePoints
{
    /// <summary>The distinct rows, ascending by the first covariate, then the next; and the place of each row among them.</summary>
    /// <param name="covariates">One array of values per covariate.</param>
    public static (double[][] Points, int[] PlaceOfRow) Find(double[][] covariates)
    {
        var n = covariates[0].Length;
        int Compare(int a, int b)
        {
            foreach (var values in covariates)
            {
                var c = values[a].CompareTo(values[b]);
                if (c != 0)
                    return c;
            }
            return 0;
        }
        var order = Enumerable.Range(0, n).ToArray();
        Array.Sort(order, (a, b) => Compare(a, b) is var c && c != 0 ? c : a.CompareTo(b));
        var firsts = new List<int>();
        var placeOfRow = new int[n];
        for (var i = 0; i < n; i++)
        {
            if (i == 0 || Compare(order[i - 1], order[i]) != 0)
                firsts.Add(order[i]);
            placeOfRow[order[i]] = firsts.Count - 1;
        }
        return ([.. covariates.Select(values => firsts.Select(row => values[row]).ToArray())], placeOfRow);
    }

    /// <summary>The points with each covariate moved by its shift.</summary>
    public static double[][] Moved(double[][] points, double[] shift) =>
        [.. points.Select((values, i) => values.Select(value => value - shift[i]).ToArray())];
}
