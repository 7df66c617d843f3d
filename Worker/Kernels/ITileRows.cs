namespace HpcFit.Worker.Kernels;

/// <summary>The rows on which a tile of elements is fitted, with their weights and offset.</summary>
internal interface ITileRows
{
    /// <summary>The subjects in the fit: those with complete phenotypes and, in lm, a positive weight; ascending.</summary>
    int[] Rows { get; }

    /// <summary>√w by row, or null.</summary>
    double[]? RootWeights { get; }

    /// <summary>The offset by row, or null.</summary>
    double[]? Offset { get; }

    /// <summary>log w by row, or null.</summary>
    double[]? LogWeights { get; }
}
