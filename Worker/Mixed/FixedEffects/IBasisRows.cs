namespace HpcFit.Worker.Mixed.FixedEffects;

/// <summary>The rows in a fit with an orthonormal basis of their model matrix, √w X = Q R.</summary>
internal interface IBasisRows
{
    /// <summary>The number of rows.</summary>
    int Rows { get; }

    /// <summary>Columns of Q.</summary>
    int Rank { get; }

    /// <summary>The subject of each row.</summary>
    int[] Subject { get; }

    /// <summary>The offset of each row.</summary>
    double[] Offset { get; }

    /// <summary>√w of each row.</summary>
    double[] Root { get; }

    /// <summary>Q, rows × rank, row-major.</summary>
    double[] Basis { get; }
}
