using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Families;
using HpcFit.Worker.Families.Lanes;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Generalized;

/// <summary>
/// Fisher's scoring for a tile of elements on the basis of the whole cohort. Elements are lanes, and each performs the same operations in
/// the same order at every register width and whatever its neighbours hold. A workspace of one thread; allocates nothing per element.
/// </summary>
internal abstract class ScoringKernel
{
    /// <summary>
    /// The kernel of this machine, or the one without SIMD; both give the same bits. Null: this link has none (probit, cauchit, cloglog).
    /// </summary>
    public static ScoringKernel? Create(KernelChoice choice, FamilySpec family, SharedRows rows) =>
        choice == KernelChoice.Auto && Vector512.IsHardwareAccelerated && Avx512F.IsSupported ? Create<Lanes512>(family, rows)
        : choice == KernelChoice.Auto && Vector256.IsHardwareAccelerated && Avx.IsSupported ? Create<Lanes256>(family, rows)
        : choice == KernelChoice.Auto && Vector128.IsHardwareAccelerated ? Create<Lanes128>(family, rows)
        : Create<ScalarLane>(family, rows);

    /// <summary>The same at one register width.</summary>
    public static ScoringKernel? Create<TLanes>(FamilySpec family, SharedRows rows)
        where TLanes : struct, ILanes<TLanes>
    {
        var isQuasi = !Family.Create(family).HasLikelihood;
        return family.Name switch
        {
            "binomial" or "quasibinomial" => family.Link switch
            {
                "logit" => new ScoringKernel<TLanes, BinomialLanes<TLanes>, LogitLanes<TLanes>>(rows, isQuasi),
                "log" => new ScoringKernel<TLanes, BinomialLanes<TLanes>, LogLanes<TLanes>>(rows, isQuasi),
                _ => null,
            },
            "poisson" or "quasipoisson" => Create<TLanes, PoissonLanes<TLanes>>(family.Link, rows, isQuasi),
            FamilySpec.NegativeBinomial => Create<TLanes, NegativeBinomialLanes<TLanes>>(family.Link, rows, isQuasi),
            "Gamma" => Create<TLanes, GammaLanes<TLanes>>(family.Link, rows, isQuasi),
            "inverse.gaussian" => Create<TLanes, InverseGaussianLanes<TLanes>>(family.Link, rows, isQuasi),
            FamilySpec.Gaussian => Create<TLanes, GaussianLanes<TLanes>>(family.Link, rows, isQuasi),
            _ => null,
        };
    }

    /// <summary>
    /// Fits the lanes whose iterations converge at once. Not fitted are those with responses that are constant or do not belong to the
    /// family, with fitted means near a limit, and those whose remaining rows determine the columns badly.
    /// </summary>
    /// <param name="responses">The responses.</param>
    /// <param name="tile">Receives the fits.</param>
    public abstract void Fit(in ElementTile responses, ScoringTile tile);

    private static ScoringKernel? Create<TLanes, TFamily>(string link, SharedRows rows, bool isQuasi)
        where TLanes : struct, ILanes<TLanes>
        where TFamily : struct, IFamilyLanes<TLanes> =>
        link switch
        {
            "log" => new ScoringKernel<TLanes, TFamily, LogLanes<TLanes>>(rows, isQuasi),
            "identity" => new ScoringKernel<TLanes, TFamily, IdentityLanes<TLanes>>(rows, isQuasi),
            "inverse" => new ScoringKernel<TLanes, TFamily, InverseLanes<TLanes>>(rows, isQuasi),
            "sqrt" => new ScoringKernel<TLanes, TFamily, SquareRootLanes<TLanes>>(rows, isQuasi),
            "1/mu^2" => new ScoringKernel<TLanes, TFamily, InverseSquareLanes<TLanes>>(rows, isQuasi),
            _ => null,
        };
}
