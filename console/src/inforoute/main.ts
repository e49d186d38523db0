import '../look/icon.svg'
import './inforoute.css'
