namespace HpcFit.Shared.Functions;

/// <summary>The types of phenotype columns in the bridge protocol; a number never changes its meaning.</summary>
public enum PhenotypeKind
{
    /// <summary>float64, NaN missing.</summary>
    Number = 0,

    /// <summary>int32, <see cref="PhenotypeKinds.Missing"/> missing.</summary>
    Whole = 1,

    /// <summary>int32, 0 or 1, <see cref="PhenotypeKinds.Missing"/> missing.</summary>
    Logical = 2,

    /// <summary>Strings.</summary>
    Text = 3,

    /// <summary>The levels as strings, then int32 codes from 1, <see cref="PhenotypeKinds.Missing"/> missing.</summary>
    Factor = 4,

    /// <summary>As <see cref="Factor"/>, with ordered levels.</summary>
    Ordered = 5,
}

/// <summary>Constants of all kinds.</summary>
public static class PhenotypeKinds
{
    /// <summary>The missing integer: R's NA_integer_.</summary>
    public const int Missing = int.MinValue;
}
