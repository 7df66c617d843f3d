using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Surfaces;
using HpcFit.Worker.Enhancing;
using HpcFit.Worker.Enhancing.Connectivity;
using HpcFit.Worker.Enhancing.Neighbourhoods;
using HpcFit.Worker.Enhancing.Trees;
using HpcFit.Worker.Pipeline;

namespace HpcFit.Worker.EnhancedStage;

/// <summary>Creates the enhancement that a spec describes.</summary>
internal static class Enhancements
{
    private static readonly Dictionary<string, string> NoSurfaces = [];

    /// <summary>The enhancement of a run's maps.</summary>
    /// <param name="model">The run's model. Its results go into the first data file, which has the positions of the elements.</param>
    /// <exception cref="BadInputException">The neighbours of the elements are not known, or are not those of the elements.</exception>
    public static IEnhancement Create(RunModel model)
    {
        var spec = model.Spec.Model.Enhancement ?? throw new BadInputException("The run has no enhancement.");
        var (path, elements) = (model.Spec.Data[0].Path, checked((int)model.Inputs.TotalElements));
        return spec.Enhance switch
        {
            EnhancementSpec.Tfce => new TfceEnhancement(Adjacent(), new(Form(spec.TfceLike!))),
            EnhancementSpec.Cluster => new ClusterEnhancement(Adjacent(), spec.ClusterZ!.Value, Statistic(spec.ClusterStat!)),
            EnhancementSpec.Cfe => new CfeEnhancement(ConnectivityMatrix.Open(spec.Connectivity!, elements), new()),
            var other => throw new BadInputException($"'{other}' is no enhancement: tfce, cfe or cluster was expected."),
        };

        Neighbours Adjacent()
        {
            var contact = (VoxelContact)spec.Neighbours!.Value;
            return GreyordinatePositions.AreIn(path)
                ? GreyordinatePositions.Read(path, elements, StructureSurfaces.Read(spec.Surfaces ?? NoSurfaces), contact)
                : VoxelPositions.Read(path, elements, spec.Enhance).FindNeighbours(contact);
        }
    }

    private static TfceForm Form(string name) =>
        Enum.TryParse<TfceForm>(name, ignoreCase: true, out var form)
            ? form
            : throw new BadInputException($"'{name}' is no form of TFCE: exact, mrtrix, fsl, palm or nilearn was expected.");

    private static ClusterStatistic Statistic(string name) =>
        Enum.TryParse<ClusterStatistic>(name, ignoreCase: true, out var statistic)
            ? statistic
            : throw new BadInputException($"'{name}' is no statistic of a cluster: extent or mass was expected.");
}
