namespace HpcFit.Coordinator.Imaging.Exporting;

/// <summary>The value of cells without a result: outside the mask, or excluded by a threshold.</summary>
internal enum Background
{
    /// <summary>1 in maps of p-values, where 0 would be the strongest result; 0 in others.</summary>
    Auto,

    /// <summary>0 in all maps.</summary>
    Zero,

    /// <summary>1 in all maps.</summary>
    One,

    /// <summary>NaN in all maps.</summary>
    NaN,
}
