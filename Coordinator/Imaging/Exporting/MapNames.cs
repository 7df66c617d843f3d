namespace HpcFit.Coordinator.Imaging.Exporting;

/// <summary>The program after whose maps those of permuted hypotheses are named.</summary>
internal enum MapNames
{
    /// <summary>ModelArrayIO: the names of columns.</summary>
    ModelArray,

    /// <summary>MRtrix's fixelcfestats and mrclusterstats.</summary>
    MRtrix,

    /// <summary>FSL's randomise.</summary>
    Fsl,
}
