namespace HpcFit.Worker.Kernels;

/// <summary>
/// A register of doubles whose lanes are elements. Every operation is the IEEE 754 one, lane by lane, so that an element's bits do not
/// depend on how many lanes there are; a product is fused with a sum where <see cref="AddProduct"/> or <see cref="SubtractProduct"/> is
/// used and nowhere else. There is deliberately no sum across lanes.
/// </summary>
/// <typeparam name="TSelf">The register.</typeparam>
internal interface ILanes<TSelf>
    where TSelf : struct, ILanes<TSelf>
{
    /// <summary>How many lanes; a divisor of <see cref="TileKernel.Width"/> / 2.</summary>
    static abstract int Count { get; }

    /// <summary>The same value in every lane.</summary>
    static abstract TSelf Broadcast(double value);

    /// <summary>Loads <see cref="Count"/> consecutive doubles.</summary>
    static abstract TSelf Load(ref readonly double source);

    /// <summary>Loads <see cref="Count"/> consecutive floats and widens them, which is exact.</summary>
    static abstract TSelf Widen(ref readonly float source);

    /// <summary>Stores <see cref="Count"/> consecutive doubles.</summary>
    static abstract void Store(TSelf value, ref double target);

    /// <summary>sum + left × right, rounded once; a machine without the instruction computes the same bits slowly.</summary>
    static abstract TSelf AddProduct(TSelf sum, TSelf left, TSelf right);

    /// <summary>difference − left × right, rounded once.</summary>
    static abstract TSelf SubtractProduct(TSelf difference, TSelf left, TSelf right);

    /// <summary>The square root.</summary>
    static abstract TSelf Sqrt(TSelf value);

    /// <summary>A mask of the lanes that are neither NaN nor infinite.</summary>
    static abstract TSelf Finite(TSelf value);

    /// <summary><paramref name="value"/> where the mask is set, +0 elsewhere.</summary>
    static abstract TSelf WhereSet(TSelf mask, TSelf value);

    /// <summary><paramref name="value"/> where the mask is not set, +0 elsewhere.</summary>
    static abstract TSelf Drop(TSelf mask, TSelf value);

    /// <summary>Whether the mask is set in every lane.</summary>
    static abstract bool All(TSelf mask);

    /// <summary>The smaller value; a NaN on either side gives NaN.</summary>
    static abstract TSelf Min(TSelf left, TSelf right);

    /// <summary>The absolute value.</summary>
    static abstract TSelf Abs(TSelf value);

    /// <summary>A mask of the lanes where <paramref name="left"/> is the smaller; not set where either is NaN.</summary>
    static abstract TSelf LessThan(TSelf left, TSelf right);

    /// <summary>A mask of the lanes where <paramref name="left"/> is not the greater; not set where either is NaN.</summary>
    static abstract TSelf LessThanOrEqual(TSelf left, TSelf right);

    /// <summary><paramref name="set"/> where the mask is set, <paramref name="clear"/> elsewhere.</summary>
    static abstract TSelf Select(TSelf mask, TSelf set, TSelf clear);

    /// <summary>Whether the mask is set in any lane.</summary>
    static abstract bool Any(TSelf mask);

    /// <summary>Adds to the bits of each double, taken as a whole number.</summary>
    static abstract TSelf AddBits(TSelf value, long bits);

    /// <summary>Keeps some of the bits of each double.</summary>
    static abstract TSelf AndBits(TSelf value, long bits);

    /// <summary>Shifts the bits of each double up.</summary>
    static abstract TSelf ShiftBitsUp(TSelf value, int places);

    /// <summary>Shifts the bits of each double down; zeros come in.</summary>
    static abstract TSelf ShiftBitsDown(TSelf value, int places);

    static abstract TSelf operator +(TSelf left, TSelf right);

    static abstract TSelf operator -(TSelf left, TSelf right);

    static abstract TSelf operator *(TSelf left, TSelf right);

    static abstract TSelf operator /(TSelf left, TSelf right);
}
