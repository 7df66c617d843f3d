namespace HpcFit.Worker.Kernels;

/// <summary>The rows on which a tile of elements is fitted, and what is done to their responses first.</summary>
internal interface ITileRows
{
    /// <summary>The subjects in the fit: complete phenotypes, of lm a weight above 0; ascending.</summary>
    int[] Rows { get; }

    /// <summary>√w by row, or null.</summary>
    double[]? RootWeights { get; }

    /// <summary>The offset by row, or null.</summary>
    double[]? Offset { get; }

    /// <summary>log w by row, or null.</summary>
    double[]? LogWeights { get; }
}
